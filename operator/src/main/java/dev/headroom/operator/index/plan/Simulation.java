package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.Desired.Placed;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays a plan forward on a copy of the database's state, so that Observe can show every statement that Apply would run and
 * not only the next one. The same planner decides, on a state in which each step had its effect.
 *
 * <p>Each index is played to its end before the next one, and what is then left to drop follows; that is one round. A second
 * round finds what the first one made necessary elsewhere, usually nothing. So the time grows with the number of steps.
 */
public final class Simulation {
    private static final IndexState INVALID = new IndexState(false, true, true, false);
    /** Each round beyond the second is owed to one index that made way for another; such chains are short. */
    private static final int ROUNDS = 10;

    private final IndexPlanner planner;
    private final DatabaseState state;
    private final Map<WantedIndex, Known> known = new HashMap<>();
    private final Map<String, List<String>> statements = new LinkedHashMap<>();
    private final Set<String> played = new HashSet<>();

    private Simulation(IndexPlanner planner, DatabaseState state) {
        this.planner = planner;
        this.state = state;
        for (Desired each : planner.desired()) {
            if (each instanceof Desired.Placed placed && placed.expectation() instanceof Known shape) {
                known.put(placed.wanted(), shape);
            }
        }
    }

    /** How it ends, with the statements by {@link Entry#key} of the index that they are for. */
    public record Result(Map<String, List<String>> statements, DatabaseState end) {}

    public static Result play(IndexPlanner planner, DatabaseState state) {
        Simulation simulation = new Simulation(planner, state.copy());
        for (int round = 0; round < ROUNDS && simulation.round(); round++) {
            // until a round has nothing to do
        }
        return new Result(simulation.statements, simulation.state);
    }

    private boolean round() {
        int before = played.size();
        for (Desired desired : planner.desired()) {
            IndexPlanner.OneIndex index = planner.of(desired, state);
            while (act(index.next())) {
                // until the index is there, or waits for something
            }
        }
        planner.plan(state).entries().forEach(this::act);
        return played.size() > before;
    }

    /** A step that was played before changed nothing, so it ends there. */
    private boolean act(Entry entry) {
        Step step = entry.step().orElse(null);
        if (step == null || !played.add(entry.key() + '\n' + step.sql().getFirst())) {
            return false;
        }
        List<String> sql = statements.computeIfAbsent(entry.key(), key -> new ArrayList<>());
        boolean transaction = step.sql().size() > 1;
        if (transaction) {
            sql.add("BEGIN");
        }
        sql.addAll(step.sql());
        if (transaction) {
            sql.add("COMMIT");
        }
        apply(step, state, known);
        return true;
    }

    /** Changes the state as the step would change the database if it went well. */
    static void apply(Step step, DatabaseState state, Map<WantedIndex, Known> known) {
        switch (step) {
            case Step.Build build -> state.put(built(build.wanted(), build.as(), build.table(), false, state, known));
            case Step.BuildFrame frame -> {
                Index built = built(frame.wanted(), frame.as(), frame.table(), true, state, known);
                boolean empty = state.partitions().children(frame.table()).isEmpty();
                state.put(like(built, built.name(), frame.mark().comment(), null, empty ? IndexState.VALID : INVALID));
            }
            case Step.Attach attach -> {
                Index part = attach.part();
                rename(
                        part,
                        new Name(part.name().schema(), attach.as()),
                        attach.mark().comment(),
                        attach.frame(),
                        state);
                validate(attach.frame(), state);
            }
            case Step.Rename rename -> {
                Step.MakingWay before = rename.before();
                if (before != null) {
                    Index old = before.index();
                    String comment =
                            before.isStrangers() ? old.comment() : rename.mark().comment();
                    rename(old, new Name(old.name().schema(), before.to()), comment, old.parent(), state);
                }
                Index fresh = rename.fresh();
                rename(fresh, rename.wanted().qualifiedName(), rename.mark().comment(), fresh.parent(), state);
            }
            case Step.Claim claim -> mark(claim.index(), claim.mark(), state);
            case Step.HandOver handOver -> mark(handOver.index(), handOver.mark(), state);
            case Step.Drop drop -> drop(drop.index(), state);
            case Step.Cancel cancel -> {
                Index index = cancel.index();
                state.put(like(index, index.name(), index.comment(), index.parent(), INVALID));
            }
        }
    }

    private static void rename(
            Index index, Name to, @Nullable String comment, @Nullable Name parent, DatabaseState state) {
        state.remove(index);
        state.put(like(index, to, comment, parent, index.state()));
        for (Index part : state.partsOf(index.name())) {
            state.put(like(part, part.name(), part.comment(), to, part.state()));
        }
    }

    private static void mark(Index index, Mark mark, DatabaseState state) {
        state.put(like(index, index.name(), mark.comment(), index.parent(), index.state()));
    }

    private static void drop(Index index, DatabaseState state) {
        state.remove(index);
        state.partsOf(index.name()).forEach(part -> drop(part, state));
    }

    /** As PostgreSQL does: a frame turns valid with its last part, and so may the frame above it. */
    private static void validate(Name frameName, DatabaseState state) {
        Index frame = state.index(frameName).orElse(null);
        if (frame == null || !state.hasAllParts(frame)) {
            return;
        }
        state.put(like(frame, frame.name(), frame.comment(), frame.parent(), IndexState.VALID));
        if (frame.parent() != null) {
            validate(frame.parent(), state);
        }
    }

    private static Index built(
            WantedIndex wanted,
            String as,
            Name table,
            boolean partitioned,
            DatabaseState state,
            Map<WantedIndex, Known> known) {
        Known shape = known.getOrDefault(
                wanted, new Known(new IndexShape("", List.of(), List.of(), null, List.of()), false, false));
        return planned(state.nextOid(), new Name(table.schema(), as), table, wanted, shape, partitioned);
    }

    /** An index that is not there yet, as it will be. */
    static Index planned(long oid, Name name, Name table, WantedIndex wanted, Known known, boolean partitioned) {
        return new Index(
                oid,
                name,
                table,
                known.shape(),
                new IndexRole(known.unique(), known.nullsNotDistinct(), false, null, false, false),
                IndexState.VALID,
                partitioned,
                null,
                wanted.createConcurrently(name.name(), table),
                0,
                0,
                null,
                0);
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
                comment,
                0);
    }

    /** The indexes that a plan will build, one for each table that will hold a part of it; without those that wait for a person: refused ones and another resource's. */
    public static List<Index> planned(IndexPlanner planner, IndexPlan plan, PartitionTree partitions) {
        Set<String> planned = new HashSet<>();
        for (IndexPlan.Entry entry : plan.entries()) {
            if (entry.decision() instanceof Decision.Act || entry.decision() instanceof Decision.Await) {
                planned.add(entry.key());
            }
        }
        List<Index> indexes = new ArrayList<>();
        for (Desired each : planner.desired()) {
            if (each instanceof Placed(WantedIndex wanted, Known known)
                    && planned.contains(
                            IndexPlan.key(wanted.name(), wanted.table().toString()))) {
                Stream.concat(Stream.of(wanted.table()), partitions.leaves(wanted.table()).stream())
                        .map(table -> planned(wanted, known, table))
                        .forEach(indexes::add);
            }
        }
        return indexes;
    }

    private static Index planned(WantedIndex wanted, Known known, Name table) {
        String name = table.equals(wanted.table()) ? wanted.name() : Names.ofPartition(wanted, table.name());
        return planned(0, new Name(table.schema(), name), table, wanted, known, false);
    }
}
