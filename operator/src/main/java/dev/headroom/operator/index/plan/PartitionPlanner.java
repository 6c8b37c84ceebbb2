package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Act;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Refused;
import dev.headroom.operator.index.plan.Owner.Mark;
import dev.headroom.operator.index.plan.Step.MakingWay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An index on a partitioned table: an empty frame on the parent, a concurrent build on each partition, each attached;
 * with the last one PostgreSQL turns the frame valid. A partition that appears meanwhile is one more to attach.
 *
 * <p>A stranger's index on a partition is never attached, since it would be dropped with the frame.
 */
final class PartitionPlanner {
    private final Owner owner;
    private final DatabaseState state;
    private final WantedIndex wanted;
    private final Mark mark;
    /** How many of the first partitions have their part, by the frame's oid: those are not looked at again. */
    private final Map<Long, Integer> attached = new HashMap<>();

    PartitionPlanner(Owner owner, DatabaseState state, WantedIndex wanted, Mark mark) {
        this.owner = owner;
        this.state = state;
        this.wanted = wanted;
        this.mark = mark;
    }

    Decision next(Known known, @Nullable MakingWay before) {
        Optional<Index> found = fresh(wanted.table());
        if (found.isEmpty()) {
            return new Act(buildFrame(wanted.table()));
        }
        Index frame = found.get();
        if (!known.isMetBy(frame)) {
            return new Act(new Step.Drop(frame, "the table changed since it was built"));
        }
        if (frame.state().usable()) {
            return new Act(new Step.Rename(wanted, frame, before, mark));
        }
        return below(known, frame)
                .orElseGet(() -> new Refused(
                        "all partitions have their part, yet PostgreSQL does not call " + frame.name() + " valid"));
    }

    private Optional<Decision> below(Known known, Index frame) {
        List<Partition> children = state.partitions().children(frame.table());
        for (int i = attached.getOrDefault(frame.oid(), 0); i < children.size(); i++) {
            Partition partition = children.get(i);
            if (partition.foreign()) {
                return Optional.of(
                        new Refused(
                                partition.table()
                                        + " is a foreign table: an index over all partitions can never be valid; declare one for each"));
            }
            Optional<Decision> decision = partition(known, frame, partition);
            if (decision.isPresent()) {
                return decision;
            }
            attached.put(frame.oid(), i + 1);
        }
        return Optional.empty();
    }

    private Optional<Decision> partition(Known known, Index frame, Partition partition) {
        Optional<Index> part = state.partOf(frame, partition.table());
        if (part.isPresent()) {
            return attachedPart(known, frame, part.get());
        }
        Optional<Index> fresh = fresh(partition.table());
        if (fresh.isEmpty()) {
            return Optional.of(
                    new Act(partition.leaf() ? buildPart(partition.table()) : buildFrame(partition.table())));
        }
        Index built = fresh.get();
        if (!partition.leaf() && !built.state().usable()) {
            return below(known, built);
        }
        return Optional.of(WantedPlanner.leftover(known, built).orElseGet(() -> attach(frame, built)));
    }

    /** An attached part cannot be dropped alone; if it broke, the frame is begun anew. */
    private Optional<Decision> attachedPart(Known known, Index frame, Index part) {
        if (part.state().usable()) {
            return Optional.empty();
        }
        return part.partitioned()
                ? below(known, part)
                : Optional.of(new Act(new Step.Drop(frame, part.name() + " is INVALID and attached to it")));
    }

    private Decision attach(Index frame, Index part) {
        String as = Names.ofPartition(wanted, part.table().name());
        return new Act(new Step.Attach(wanted, frame.name(), part, as, mark));
    }

    private Step buildPart(Name partition) {
        return new Step.Build(wanted, Names.underConstruction(owner, wanted, partition.name()), partition);
    }

    private Step buildFrame(Name table) {
        String as = Names.underConstruction(owner, wanted, table.name());
        return new Step.BuildFrame(wanted, as, table, mark);
    }

    private Optional<Index> fresh(Name table) {
        return state.index(new Name(table.schema(), Names.underConstruction(owner, wanted, table.name())));
    }
}
