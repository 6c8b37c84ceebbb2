package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static final Instant T = Instant.parse("2026-11-30T10:00:00Z");

    @Test
    void startUpIsThatOfPodsThatBecameReadySince() {
        Target target = target(
                ready(T.minusSeconds(60), T.minusSeconds(40)),
                ready(T, T.plusSeconds(20)),
                ready(T, T.plusSeconds(30)));

        assertThat(target.startUp(T)).hasValue(25);
        assertThat(target.startUp(T.plusSeconds(30))).isEmpty();
    }

    /** Its start was not seen: it failed its probe for a moment. */
    @Test
    void aPodThatIsReadyAgainDidNotTakeADayToStart() {
        Target target = target(ready(T.minus(Duration.ofDays(1)), T.plusSeconds(1)), ready(T, T.plusSeconds(20)));

        assertThat(target.startUp(T)).hasValue(20);
        assertThat(target.startUp(Instant.EPOCH)).hasValue(20);
    }

    private static Target.Pod ready(Instant createdAt, Instant readyAt) {
        return new Target.Pod(
                "uid",
                "pod",
                List.of("10.0.0.1"),
                createdAt,
                createdAt,
                Optional.of(readyAt),
                true,
                false,
                OptionalLong.empty());
    }

    private static Target target(Target.Pod... pods) {
        return new Target(
                "uid",
                "1",
                pods.length,
                Target.RolloutLimits.NONE,
                false,
                OptionalDouble.empty(),
                Optional.empty(),
                Stream.of(pods).toList());
    }
}
