package dev.headroom.service.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final List<String> told = new ArrayList<>();
    private final Circuit circuit = new Circuit(
            new Circuit.Times(Duration.ofMillis(25), Duration.ofMillis(500), Duration.ofSeconds(10)),
            nanos::get,
            told::add,
            () -> told.add("closed"));

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private boolean passes() {
        return circuit.passage() != Circuit.Passage.REFUSED;
    }

    private void quick() {
        circuit.answered(Duration.ofMillis(25).toNanos());
    }

    private void slow() {
        circuit.answered(Duration.ofMillis(26).toNanos());
    }

    private void openBySlowness() {
        IntStream.range(0, Circuit.SLOW_TO_OPEN).forEach(i -> slow());
        assertThat(circuit.isClosed()).isFalse();
    }

    private void open() {
        IntStream.range(0, 3).forEach(i -> {
            assertThat(passes()).isTrue();
            circuit.failed("it is gone");
        });
    }

    @Test
    void afterThreeFailuresInARowNothingPassesUntilThePauseIsOver() {
        open();
        assertThat(passes()).isFalse();
        passes(Duration.ofMillis(499));
        assertThat(passes()).isFalse();
        passes(Duration.ofMillis(1));
        assertThat(passes()).isTrue();
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void failuresWithSuccessesBetweenThemOpenNothing() {
        for (int i = 0; i < 10; i++) {
            circuit.failed("once");
            circuit.failed("twice");
            quick();
        }
        assertThat(circuit.isClosed()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void oneProbePassesAtATime() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();
        assertThat(passes()).isFalse();
        quick();
        assertThat(passes()).isTrue();
        assertThat(told).containsExactly("it is gone", "closed");
    }

    @Test
    void eachProbeThatFailsDoublesThePauseUpToTheLongest() {
        open();
        long pause = 500;
        for (int probe = 0; probe < 8; probe++) {
            passes(Duration.ofMillis(pause - 1));
            assertThat(passes()).isFalse();
            passes(Duration.ofMillis(1));
            assertThat(passes()).isTrue();
            circuit.failed("still gone");
            pause = Math.min(10_000, 2 * pause);
        }
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void manyThatFailTogetherAreOneOutage() {
        IntStream.range(0, 200).forEach(i -> circuit.failed("it is gone"));
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void aProbeWhoseEndIsNeverToldIsFollowedByAnother() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();
        passes(Duration.ofSeconds(10));
        assertThat(passes()).isTrue();
    }

    @Test
    void afterARecoveryThePauseIsShortAgain() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();
        circuit.failed("still gone");
        passes(Duration.ofSeconds(1));
        assertThat(passes()).isTrue();
        quick();
        open();
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();
    }

    @Test
    void halfOfTheLatestCallsBeingSlowOpensIt() {
        for (int i = 1; i < Circuit.SLOW_TO_OPEN; i++) {
            slow();
            quick();
        }
        assertThat(circuit.isClosed()).isTrue();

        slow();

        assertThat(circuit.isClosed()).isFalse();
        assertThat(told).singleElement().asString().contains("20 of its last 40", "redis.slow-call (25ms)");
    }

    @Test
    void slowCallsFurtherBackThanTheWindowCountNoMore() {
        for (int round = 0; round < 10; round++) {
            IntStream.range(1, Circuit.SLOW_TO_OPEN).forEach(i -> slow());
            IntStream.range(0, Circuit.WINDOW).forEach(i -> quick());
        }

        assertThat(circuit.isClosed()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void slownessIsOverAfterThreeQuickProbesInARow() {
        openBySlowness();
        passes(Duration.ofMillis(500));
        for (int probe = 0; probe < Circuit.QUICK_TO_CLOSE; probe++) {
            assertThat(circuit.isClosed()).isFalse();
            assertThat(passes()).isTrue();
            assertThat(passes()).isFalse();
            quick();
        }

        assertThat(circuit.isClosed()).isTrue();
        assertThat(told).last().isEqualTo("closed");
    }

    @Test
    void aSlowProbeOpensItForTwiceAsLong() {
        openBySlowness();
        passes(Duration.ofMillis(500));
        assertThat(passes()).isTrue();

        slow();

        passes(Duration.ofMillis(999));
        assertThat(passes()).isFalse();
        passes(Duration.ofMillis(1));
        assertThat(passes()).isTrue();
    }

    @Test
    void answersToCallsThatBeganBeforeItOpenedDoNotCloseIt() {
        openBySlowness();

        IntStream.range(0, 10).forEach(i -> quick());

        assertThat(circuit.isClosed()).isFalse();
    }

    @Test
    void onceClosedTheSlowCallsOfBeforeAreForgotten() {
        openBySlowness();
        passes(Duration.ofMillis(500));
        IntStream.range(0, Circuit.QUICK_TO_CLOSE).forEach(i -> {
            assertThat(passes()).isTrue();
            quick();
        });

        IntStream.range(1, Circuit.SLOW_TO_OPEN).forEach(i -> slow());

        assertThat(circuit.isClosed()).isTrue();
    }
}
