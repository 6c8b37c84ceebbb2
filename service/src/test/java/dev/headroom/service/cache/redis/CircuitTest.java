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
            Duration.ofMillis(500), Duration.ofSeconds(10), nanos::get, told::add, () -> told.add("closed"));

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void open() {
        IntStream.range(0, 3).forEach(i -> {
            assertThat(circuit.passes()).isTrue();
            circuit.failed("it is gone");
        });
    }

    @Test
    void afterThreeFailuresInARowNothingPassesUntilThePauseIsOver() {
        open();
        assertThat(circuit.passes()).isFalse();
        passes(Duration.ofMillis(499));
        assertThat(circuit.passes()).isFalse();
        passes(Duration.ofMillis(1));
        assertThat(circuit.passes()).isTrue();
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void failuresWithSuccessesBetweenThemOpenNothing() {
        for (int i = 0; i < 10; i++) {
            circuit.failed("once");
            circuit.failed("twice");
            circuit.succeeded();
        }
        assertThat(circuit.isClosed()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void oneProbePassesAtATime() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(circuit.passes()).isTrue();
        assertThat(circuit.passes()).isFalse();
        circuit.succeeded();
        assertThat(circuit.passes()).isTrue();
        assertThat(told).containsExactly("it is gone", "closed");
    }

    @Test
    void eachProbeThatFailsDoublesThePauseUpToTheLongest() {
        open();
        long pause = 500;
        for (int probe = 0; probe < 8; probe++) {
            passes(Duration.ofMillis(pause - 1));
            assertThat(circuit.passes()).isFalse();
            passes(Duration.ofMillis(1));
            assertThat(circuit.passes()).isTrue();
            circuit.failed("still gone");
            pause = Math.min(10_000, 2 * pause);
        }
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void manyThatFailTogetherAreOneOutage() {
        IntStream.range(0, 200).forEach(i -> circuit.failed("it is gone"));
        passes(Duration.ofMillis(500));
        assertThat(circuit.passes()).isTrue();
        assertThat(told).containsExactly("it is gone");
    }

    @Test
    void aProbeWhoseEndIsNeverToldIsFollowedByAnother() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(circuit.passes()).isTrue();
        passes(Duration.ofSeconds(10));
        assertThat(circuit.passes()).isTrue();
    }

    @Test
    void afterARecoveryThePauseIsShortAgain() {
        open();
        passes(Duration.ofMillis(500));
        assertThat(circuit.passes()).isTrue();
        circuit.failed("still gone");
        passes(Duration.ofSeconds(1));
        assertThat(circuit.passes()).isTrue();
        circuit.succeeded();
        open();
        passes(Duration.ofMillis(500));
        assertThat(circuit.passes()).isTrue();
    }
}
