package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DecisionLogTest {

    private final DecisionLog log = new DecisionLog();
    private Instant now = Instant.parse("2026-11-30T10:00:00Z");

    @Test
    void theSameWithOtherNumbersIsNoNewsUnlessItActs() {
        assertThat(log.note("ReplicasReady", "NEED", "holding 4: 300/s", false, now))
                .isTrue();
        assertThat(log.note("ReplicasReady", "NEED", "holding 4: 310/s", false, now))
                .isFalse();
        assertThat(log.note("PoolReady", "NEED", "pool 6", false, now)).isTrue();
        assertThat(log.note("ReplicasReady", "NEED", "scaling up", true, now)).isTrue();
        assertThat(log.decisions())
                .extracting(each -> each.sentence())
                .containsExactly("holding 4: 300/s", "pool 6", "scaling up");
    }

    @Test
    void onlyTheLastTwentyAreKept() {
        for (int i = 0; i < 50; i++) {
            log.note("ReplicasReady", "NEED", "scaling to " + i, true, now);
        }

        assertThat(log.decisions())
                .hasSize(20)
                .last()
                .extracting(each -> each.sentence())
                .isEqualTo("scaling to 49");
    }

    @Test
    void aConditionThatGoesBackAndForthIsToldOnceInTenMinutes() {
        assertThat(log.isWorthAnEvent("ROLLOUT", now)).isTrue();
        assertThat(log.isWorthAnEvent("ROLLOUT", now.plusSeconds(60))).isFalse();
        now = now.plus(Duration.ofMinutes(11));
        assertThat(log.isWorthAnEvent("ROLLOUT", now)).isTrue();
    }
}
