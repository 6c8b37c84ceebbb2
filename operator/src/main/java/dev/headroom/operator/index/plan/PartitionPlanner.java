package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.operator.index.plan.Decision.Act;
import dev.headroom.operator.index.plan.Decision.Refused;
import dev.headroom.operator.index.plan.Expectation.Known;
import dev.headroom.operator.index.plan.Step.MakingWay;
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
    private final World world;
    private final WantedIndex wanted;
    private final Known known;

    PartitionPlanner(Owner owner, World world, WantedIndex wanted, Known known) {
        this.owner = owner;
        this.world = world;
        this.wanted = wanted;
        this.known = known;
    }

    Decision next(@Nullable MakingWay before) {
        Optional<Index> found = fresh(wanted.table());
        if (found.isEmpty()) {
            return new Act(buildFrame(wanted.table()));
        }
        Index frame = found.get();
        if (!known.isMetBy(frame)) {
            return new Act(new Step.Drop(frame, "the table changed since it was built"));
        }
        if (frame.state().usable()) {
            return new Act(new Step.Rename(wanted, frame, before, Mark.of(owner, wanted)));
        }
        return below(frame)
                .orElseGet(() -> new Refused(
                        "all partitions have their part, yet PostgreSQL does not call " + frame.name() + " valid"));
    }

    private Optional<Decision> below(Index frame) {
        for (Partition partition : world.partitions().children(frame.table())) {
            if (partition.foreign()) {
                return Optional.of(
                        new Refused(
                                partition.table()
                                        + " is a foreign table: an index over all partitions can never be valid; declare one for each"));
            }
            Optional<Decision> decision = partition(frame, partition);
            if (decision.isPresent()) {
                return decision;
            }
        }
        return Optional.empty();
    }

    private Optional<Decision> partition(Index frame, Partition partition) {
        Optional<Index> attached = world.partOf(frame, partition.table());
        if (attached.isPresent()) {
            return attachedPart(frame, attached.get());
        }
        Optional<Index> fresh = fresh(partition.table());
        if (fresh.isEmpty()) {
            return Optional.of(
                    new Act(partition.leaf() ? buildPart(partition.table()) : buildFrame(partition.table())));
        }
        Index part = fresh.get();
        if (!partition.leaf() && !part.state().usable()) {
            return below(part);
        }
        return Optional.of(WantedPlanner.leftover(known, part).orElseGet(() -> attach(frame, part)));
    }

    /** An attached part cannot be dropped alone; if it broke, the frame is begun anew. */
    private Optional<Decision> attachedPart(Index frame, Index part) {
        if (part.state().usable()) {
            return Optional.empty();
        }
        return part.partitioned()
                ? below(part)
                : Optional.of(new Act(new Step.Drop(frame, part.name() + " is INVALID and attached to it")));
    }

    private Decision attach(Index frame, Index part) {
        String as = Names.ofPartition(wanted, part.table().name());
        return new Act(new Step.Attach(wanted, frame.name(), part, as, Mark.of(owner, wanted)));
    }

    private Step buildPart(Name partition) {
        return new Step.Build(wanted, Names.underConstruction(owner.uid(), wanted, partition.name()), partition);
    }

    private Step buildFrame(Name table) {
        String as = Names.underConstruction(owner.uid(), wanted, table.name());
        return new Step.BuildFrame(wanted, as, table, Mark.of(owner, wanted));
    }

    private Optional<Index> fresh(Name table) {
        return world.index(new Name(table.schema(), Names.underConstruction(owner.uid(), wanted, table.name())));
    }
}
