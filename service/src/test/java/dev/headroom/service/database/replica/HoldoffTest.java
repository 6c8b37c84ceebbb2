package dev.headroom.service.database.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HoldoffTest {

    private final Holdoff holdoff = new Holdoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void whoNeverFailedIsNotHeldOff() {
        assertThat(holdoff.over(-5)).isTrue();
    }

    @Test
    void eachFailureSoonAfterTheLastDoublesThePauseUpToTheLimit() {
        long now = TimeUnit.SECONDS.toNanos(100);
        for (long pause : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            holdoff.failed(now);
            assertThat(holdoff.over(now + TimeUnit.SECONDS.toNanos(pause) - 1)).isFalse();
            now += TimeUnit.SECONDS.toNanos(pause);
            assertThat(holdoff.over(now)).isTrue();
        }
    }

    @Test
    void aFailureAfterALongGoodTimeStartsFromTheShortestPause() {
        holdoff.failed(0);
        holdoff.failed(TimeUnit.SECONDS.toNanos(1));
        long later = TimeUnit.SECONDS.toNanos(60);
        holdoff.failed(later);
        assertThat(holdoff.over(later + TimeUnit.SECONDS.toNanos(1))).isTrue();
    }
}
