package dev.headroom.operator.concern;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Schedule schedule = new Schedule(LONGEST, () -> 0);

    @Test
    void aNewAndAChangedResourceIsDueAtOnce() {
        assertThat(schedule.isDue("1", NOW)).isTrue();
        schedule.begin("1");
        schedule.succeeded(LONGEST, NOW);

        assertThat(schedule.isDue("1", NOW)).isFalse();
        assertThat(schedule.isDue("2", NOW)).isTrue();
    }

    @Test
    void failuresWaitTwiceAsLongEachTimeUpToAMinuteForEver() {
        List<Long> seconds = IntStream.range(0, 10).mapToObj(i -> failure()).toList();

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L);
        IntStream.range(0, 1000).forEach(i -> failure());
        assertThat(failure()).isEqualTo(60);
    }

    @Test
    void aSuccessEndsTheBackoff() {
        failure();
        failure();
        schedule.begin("1");
        schedule.succeeded(LONGEST, NOW);

        assertThat(failure()).isEqualTo(1);
    }

    @Test
    void theConcernsWishCountsUpToTheLongestInterval() {
        schedule.begin("1");
        schedule.succeeded(Duration.ofSeconds(7), NOW);
        assertThat(schedule.next()).isEqualTo(NOW.plusSeconds(7));
        assertThat(schedule.isDue("1", NOW.plusMillis(6_999))).isFalse();
        assertThat(schedule.isDue("1", NOW.plusSeconds(7))).isTrue();

        schedule.begin("1");
        schedule.succeeded(Duration.ofHours(1), NOW);
        assertThat(schedule.next()).isEqualTo(NOW.plus(LONGEST));
    }

    @Test
    void aWakeUpDuringARunAsksForOneMore() {
        schedule.begin("1");
        schedule.wake();
        schedule.succeeded(LONGEST, NOW);
        assertThat(schedule.isDue("1", NOW)).isTrue();

        schedule.begin("1");
        schedule.succeeded(LONGEST, NOW);
        assertThat(schedule.isDue("1", NOW)).isFalse();
    }

    @Test
    void noRetryIsLaterThanTheLongestIntervalAndJitterOnlyShortens() {
        Schedule early = new Schedule(Duration.ofSeconds(10), () -> 1);
        IntStream.range(0, 9).forEach(i -> {
            early.begin("1");
            early.failed(NOW);
        });

        assertThat(early.next()).isEqualTo(NOW.plusSeconds(8));
    }

    private long failure() {
        schedule.begin("1");
        schedule.failed(NOW);
        return Duration.between(NOW, schedule.next()).toSeconds();
    }
}
