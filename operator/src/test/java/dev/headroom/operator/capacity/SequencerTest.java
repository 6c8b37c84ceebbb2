package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.Sequencer.Pod;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Situation;
import dev.headroom.operator.capacity.Sequencer.Step;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Single cases; all transitions are in {@link SequencerModelTest}. */
class SequencerTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    @Test
    void aFirstGenerationIsAboveThatOfAConfigMapThatAPersonWrote() {
        long written = 9_000_000_000L;

        Step first = Sequencer.next(situation(List.of(), pod(written, 4)), 1, 3);
        Step nonsense = Sequencer.next(situation(List.of(), pod(Long.MAX_VALUE, 4)), 1, 3);

        assertThat(published(first).generation()).isEqualTo(written + 1);
        assertThat(published(nonsense).generation()).isEqualTo(NOW.getEpochSecond());
    }

    @Test
    void podsToComeCountWithTheirOwnSizeWhileOneFollowsNothing() {
        List<Published> followedOnce = List.of(new Published(7, 3, NOW.minusSeconds(300)));

        Step one = Sequencer.next(situation(followedOnce, pod(7, 3), pod(0, 4), pod(7, 3)), 6, 3);
        Step all = Sequencer.next(situation(followedOnce, pod(7, 3), pod(7, 3), pod(7, 3)), 6, 3);

        assertThat(one).as("3 + 4 + 3 and three times 4 of 20").isInstanceOf(Step.Hold.class);
        assertThat(all).as("six times 3").isInstanceOf(Step.Scale.class);
    }

    @Test
    void aSizeThatIsDatedInTheFutureIsDatedAnewBeforeScalingUp() {
        List<Published> early =
                List.of(new Published(6, 4, NOW.plusSeconds(3000)), new Published(7, 3, NOW.plusSeconds(3600)));

        Step step = Sequencer.next(situation(early, pod(7, 3)), 2, 3);

        assertThat(published(step)).isEqualTo(new Published(7, 3, NOW));
        assertThat(((Step.Publish) step).history()).allMatch(each -> !each.at().isAfter(NOW));
    }

    private static Published published(Step step) {
        assertThat(step).isInstanceOf(Step.Publish.class);
        return ((Step.Publish) step).current();
    }

    private static Pod pod(long generation, int size) {
        return new Pod("shop-1", NOW.minusSeconds(600), false, OptionalLong.of(generation), OptionalInt.of(size));
    }

    /** One replica, no surge, 20 connections. */
    private static Situation situation(List<Published> history, Pod... pods) {
        return new Situation(NOW, true, 20, 0, 4, 2, pods.length, 0, 0, List.of(pods), history);
    }
}
