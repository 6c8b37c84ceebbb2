package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any state, any faults: the plan comes to an end, everything wanted is valid, nothing of a stranger's is gone. */
class ConvergenceTest {
    private static final List<String> NAMES = List.of("ix_a", "ix_b", "ix_c");
    private static final List<String> COLUMNS = List.of("a", "b", "c");
    private static final int PATIENCE = 400;

    @Property(tries = 500)
    void everyPlanComesToItsEndWhateverInterruptsIt(@ForAll long seed) {
        Random chance = new Random(seed);
        Given given = new Given().partitioned("p1", "p2", "p3");
        NAMES.stream().filter(name -> chance.nextInt(3) > 0).forEach(name -> existing(given, name, chance));
        List<Desired> desired = Stream.of("ix_a", "ix_b", "ix_p")
                .filter(name -> chance.nextInt(4) > 0)
                .map(name -> desired(name, chance))
                .toList();
        Removal removal = chance.nextBoolean() ? Removal.DROP : Removal.RETAIN;
        DatabaseState end = given.state();
        Set<Long> strangers = strangers(end);
        IndexPlanner planner = new IndexPlanner(Given.OWNER, removal, Map.of(), desired);

        play(planner, end, chance);

        assertThat(strangers(end)).containsAll(strangers);
        assertThat(end.indexes().stream()
                        .filter(index -> !strangers.contains(index.oid())
                                && !index.state().usable()))
                .isEmpty();
        assertThat(end.indexes().stream()
                        .filter(index -> Names.isTransient(index.name().name())))
                .isEmpty();
        assertThat(Simulation.play(planner, end).statements()).isEmpty();
        for (IndexPlan.Entry entry : planner.plan(end).entries()) {
            assertThat(entry.decision())
                    .isInstanceOfAny(
                            Decision.Satisfied.class,
                            Decision.Retained.class,
                            Decision.Conflict.class,
                            Decision.Later.class);
        }
    }

    /** Each step may fail half-way, as builds and drops do; the plan is then made anew. */
    private static void play(IndexPlanner planner, DatabaseState state, Random chance) {
        Map<WantedIndex, Known> known = new LinkedHashMap<>();
        planner.desired()
                .forEach(each ->
                        known.put(((Desired.Placed) each).wanted(), (Known) ((Desired.Placed) each).expectation()));
        for (int i = 0; i < PATIENCE; i++) {
            Optional<IndexPlan.Entry> entry = planner.plan(state).firstToDo();
            if (entry.isEmpty()) {
                return;
            }
            Step step = entry.get().step().orElseThrow();
            if (i < PATIENCE / 2 && chance.nextInt(3) == 0) {
                failHalfWay(step, state, known);
            } else {
                Simulation.apply(step, state, known);
            }
        }
        throw new AssertionError("no end: " + planner.plan(state));
    }

    private static void failHalfWay(Step step, DatabaseState state, Map<WantedIndex, Known> known) {
        switch (step) {
            case Step.Build build -> {
                Simulation.apply(step, state, known);
                invalidate(state.index(new Name("public", build.as())).orElseThrow(), state);
            }
            case Step.Drop drop when drop.concurrent() -> invalidate(drop.index(), state);
            default -> {}
        }
    }

    private static void invalidate(Index index, DatabaseState state) {
        state.put(Simulation.like(index, index.name(), index.comment(), index.parent(), Given.INVALID));
    }

    private static void existing(Given given, String name, Random chance) {
        String column = COLUMNS.get(chance.nextInt(COLUMNS.size()));
        WantedIndex wanted = Given.wanted(name, column);
        String comment = switch (chance.nextInt(4)) {
            case 0 -> null;
            case 1 -> Given.markOf(Given.OTHER, wanted);
            case 2 -> Given.released(wanted);
            default -> Given.markOf(Given.OWNER, wanted);
        };
        boolean ours = comment != null && comment.contains("uid-1");
        IndexState state = ours && chance.nextBoolean() ? Given.INVALID : Given.VALID;
        given.index(name, Given.T, state, comment, IndexRole.PLAIN, false, column);
    }

    private static Desired desired(String name, Random chance) {
        String column = COLUMNS.get(chance.nextInt(COLUMNS.size()));
        WantedIndex wanted = Given.wantedOn(name.equals("ix_p") ? "p" : "t", name, column);
        IndexShape shape = Given.shape(column);
        return new Desired.Placed(wanted, new Known(shape, false, false));
    }

    private static Set<Long> strangers(DatabaseState state) {
        return state.indexes().stream()
                .filter(index -> !Given.OWNER.mayTake(index))
                .filter(index -> !Names.isTransient(index.name().name()))
                .map(Index::oid)
                .collect(Collectors.toSet());
    }
}
