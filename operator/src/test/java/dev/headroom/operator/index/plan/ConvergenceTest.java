package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index;
import dev.headroom.insight.IndexRole;
import dev.headroom.insight.IndexShape;
import dev.headroom.insight.IndexState;
import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.Expectation.Known;
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

/** Any world, any faults: the plan comes to an end, everything wanted is valid, nothing of a stranger's is gone. */
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
        World world = given.world();
        Set<Long> strangers = strangers(world);

        World end = played(desired, world, new IndexPlanner(Given.OWNER, removal, Map.of()), chance);

        assertThat(strangers(end)).containsAll(strangers);
        assertThat(end.indexes().stream()
                        .filter(index -> !strangers.contains(index.oid())
                                && !index.state().usable()))
                .isEmpty();
        assertThat(end.indexes().stream()
                        .filter(index -> Names.isTransient(index.name().name())))
                .isEmpty();
        for (IndexPlan.Entry entry : new IndexPlanner(Given.OWNER, removal, Map.of())
                .plan(desired, end)
                .entries()) {
            assertThat(entry.decision())
                    .isInstanceOfAny(
                            Decision.Satisfied.class,
                            Decision.Retained.class,
                            Decision.Conflict.class,
                            Decision.Later.class);
        }
    }

    /** Each step may fail half-way, as builds and drops do; the plan is then made anew. */
    private static World played(List<Desired> desired, World world, IndexPlanner planner, Random chance) {
        Map<WantedIndex, Known> known = new LinkedHashMap<>();
        desired.forEach(
                each -> known.put(((Desired.Placed) each).wanted(), (Known) ((Desired.Placed) each).expectation()));
        World now = world;
        for (int i = 0; i < PATIENCE; i++) {
            Optional<IndexPlan.Entry> entry = planner.plan(desired, now).firstToDo();
            if (entry.isEmpty()) {
                return now;
            }
            Step step = entry.get().step().orElseThrow();
            boolean fails = i < PATIENCE / 2 && chance.nextInt(3) == 0;
            now = fails ? halfDone(step, now, known) : Foresight.after(step, now, known);
        }
        throw new AssertionError("no end: " + planner.plan(desired, now));
    }

    private static World halfDone(Step step, World world, Map<WantedIndex, Known> known) {
        return switch (step) {
            case Step.Build build -> {
                World built = Foresight.after(step, world, known);
                yield invalid(built, built.index(new Name("public", build.as())).orElseThrow());
            }
            case Step.Drop drop when drop.concurrent() -> invalid(world, drop.index());
            default -> world;
        };
    }

    private static World invalid(World world, Index index) {
        return world.without(index)
                .with(Foresight.like(index, index.name(), index.comment(), index.parent(), Given.INVALID));
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

    private static Set<Long> strangers(World world) {
        return world.indexes().stream()
                .filter(index -> !Given.OWNER.owns(index) && !Owner.isReleased(index))
                .filter(index -> !Names.isTransient(index.name().name()))
                .map(Index::oid)
                .collect(Collectors.toSet());
    }
}
