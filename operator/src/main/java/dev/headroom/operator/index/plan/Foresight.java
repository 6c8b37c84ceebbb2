package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.IndexRole;
import dev.headroom.insight.IndexShape;
import dev.headroom.insight.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.operator.index.plan.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plays a plan to its end on paper, so that Observe can show every statement that Apply would run and not only the next
 * one: the same planner decides, on a world in which each step had its effect.
 */
public record Foresight(Map<String, List<String>> statements, World end) {
    private static final IndexState INVALID = new IndexState(false, true, true, false);
    /** Far more than any plan needs; one that does not end is a mistake that must not hang a reconcile. */
    private static final int STEPS = 10_000;

    /** The statements are by the name of the index that they are for. */
    public static Foresight play(List<Desired> desired, World world, IndexPlanner planner) {
        Map<String, List<String>> sql = new LinkedHashMap<>();
        World now = world;
        for (int i = 0; i < STEPS; i++) {
            Optional<Entry> entry = planner.plan(desired, now).firstToDo();
            if (entry.isEmpty()) {
                return new Foresight(sql, now);
            }
            Step step = entry.get().step().orElseThrow();
            sql.computeIfAbsent(entry.get().name(), name -> new ArrayList<>()).addAll(transaction(step));
            now = after(step, now, known(desired));
        }
        throw new IllegalStateException("the plan for " + sql.keySet() + " does not come to an end");
    }

    private static List<String> transaction(Step step) {
        if (step.sql().size() == 1) {
            return step.sql();
        }
        List<String> all = new ArrayList<>(List.of("BEGIN"));
        all.addAll(step.sql());
        all.add("COMMIT");
        return all;
    }

    private static Map<WantedIndex, Known> known(List<Desired> desired) {
        Map<WantedIndex, Known> known = new LinkedHashMap<>();
        for (Desired each : desired) {
            if (each instanceof Desired.Placed placed && placed.expectation() instanceof Known shape) {
                known.put(placed.wanted(), shape);
            }
        }
        return known;
    }

    /** The world after a step went well. */
    static World after(Step step, World world, Map<WantedIndex, Known> known) {
        return switch (step) {
            case Step.Build build -> world.with(built(build.wanted(), build.as(), build.table(), false, world, known));
            case Step.BuildFrame frame -> {
                Index built = built(frame.wanted(), frame.as(), frame.table(), true, world, known);
                boolean empty = world.partitions().children(frame.table()).isEmpty();
                yield world.with(
                        like(built, built.name(), frame.mark().comment(), null, empty ? IndexState.VALID : INVALID));
            }
            case Step.Attach attach -> {
                Name as = new Name(attach.part().name().schema(), attach.as());
                World attached = world.without(attach.part())
                        .with(like(
                                attach.part(),
                                as,
                                attach.mark().comment(),
                                attach.frame(),
                                attach.part().state()));
                yield validated(attach.frame(), attached);
            }
            case Step.Rename rename -> renamed(rename, world);
            case Step.Claim claim -> marked(claim.index(), claim.mark(), world);
            case Step.HandOver handOver -> marked(handOver.index(), handOver.mark(), world);
            case Step.Drop drop -> dropped(drop.index(), world);
            case Step.Cancel cancel ->
                world.without(cancel.index())
                        .with(like(
                                cancel.index(),
                                cancel.index().name(),
                                cancel.index().comment(),
                                cancel.index().parent(),
                                INVALID));
        };
    }

    private static World renamed(Step.Rename rename, World world) {
        Step.MakingWay before = rename.before();
        World free = world;
        if (before != null) {
            Index old = before.index();
            Name aside = new Name(old.name().schema(), before.to());
            free = reparented(old.name(), aside, world.without(old))
                    .with(like(
                            old,
                            aside,
                            before.isStrangers() ? old.comment() : rename.mark().comment(),
                            old.parent(),
                            old.state()));
        }
        Index fresh = rename.fresh();
        Name name = rename.wanted().qualifiedName();
        return reparented(fresh.name(), name, free.without(fresh))
                .with(like(fresh, name, rename.mark().comment(), fresh.parent(), fresh.state()));
    }

    private static World reparented(Name from, Name to, World world) {
        return world.changed(
                each -> from.equals(each.parent()) ? like(each, each.name(), each.comment(), to, each.state()) : each);
    }

    private static World dropped(Index index, World world) {
        World rest = world.without(index);
        for (Index part : world.indexes()) {
            if (index.name().equals(part.parent())) {
                rest = dropped(part, rest);
            }
        }
        return rest;
    }

    /** As PostgreSQL does: a frame turns valid with its last part, and so may the frame above it. */
    private static World validated(Name frameName, World world) {
        Optional<Index> found = world.index(frameName);
        if (found.isEmpty()) {
            return world;
        }
        Index frame = found.get();
        for (Partition partition : world.partitions().children(frame.table())) {
            if (world.partOf(frame, partition.table())
                    .filter(part -> part.state().valid())
                    .isEmpty()) {
                return world;
            }
        }
        World valid =
                world.without(frame).with(like(frame, frame.name(), frame.comment(), frame.parent(), IndexState.VALID));
        return frame.parent() == null ? valid : validated(frame.parent(), valid);
    }

    private static Index built(
            WantedIndex wanted,
            String as,
            Name table,
            boolean partitioned,
            World world,
            Map<WantedIndex, Known> known) {
        Known shape = known.getOrDefault(
                wanted, new Known(new IndexShape("", List.of(), List.of(), null, List.of()), false, false));
        long oid = 1 + world.indexes().stream().mapToLong(Index::oid).max().orElse(0);
        return new Index(
                oid,
                new Name(table.schema(), as),
                table,
                shape.shape(),
                new IndexRole(shape.unique(), shape.nullsNotDistinct(), false, null, false, false),
                IndexState.VALID,
                partitioned,
                null,
                wanted.createConcurrently(as, table),
                0,
                0,
                null);
    }

    private static World marked(Index index, Mark mark, World world) {
        return world.without(index).with(like(index, index.name(), mark.comment(), index.parent(), index.state()));
    }

    static Index like(Index index, Name name, @Nullable String comment, @Nullable Name parent, IndexState state) {
        return new Index(
                index.oid(),
                name,
                index.table(),
                index.shape(),
                index.role(),
                state,
                index.partitioned(),
                parent,
                index.definition(),
                index.bytes(),
                index.scans(),
                comment);
    }
}
