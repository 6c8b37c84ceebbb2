package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random runs of a small cluster with one or two operators: the budget holds at every moment of every transition. */
class SequencerModelTest {
    private static final int RUNS = 10_000;
    private static final int STEPS = 240;

    @Test
    void noTransitionOfOursExceedsTheBudget() {
        for (int seed = 0; seed < RUNS; seed++) {
            SequencerWorld world = new SequencerWorld(new Random(seed), false);

            for (int step = 0; step < STEPS; step++) {
                world.step();
                assertThat(world.connections())
                        .as("seed %d, step %d: %s", seed, step, world)
                        .isLessThanOrEqualTo(world.worstCase());
                assertThat(world.worstCase())
                        .as("seed %d, step %d: %s", seed, step, world)
                        .isLessThanOrEqualTo(world.budget());
            }
        }
    }

    @Test
    void whatOthersDoIsAnsweredAndNeverMadeWorse() {
        for (int seed = 0; seed < RUNS; seed++) {
            SequencerWorld world = new SequencerWorld(new Random(seed), true);

            for (int step = 0; step < STEPS; step++) {
                world.step();
                assertThat(world.raisedWhileOver())
                        .as("seed %d, step %d: %s", seed, step, world)
                        .isFalse();
            }

            if (!world.isFollowed()) {
                continue;
            }
            world.calmDown();
            assertThat(world.connections()).as("seed %d: %s", seed, world).isLessThanOrEqualTo(world.budget());
            assertThat(world.isSettled()).as("seed %d: %s", seed, world).isTrue();
        }
    }
}
