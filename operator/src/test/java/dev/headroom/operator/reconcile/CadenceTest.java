package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Reason;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CadenceTest {

    private static final ResourceID ONE = new ResourceID("one", "prod");
    private static final ResourceID OTHER = new ResourceID("other", "prod");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Cadence exact = new Cadence(LONGEST, () -> 0);

    @Test
    void failuresWaitTwiceAsLongEachTime_upToAMinute_forEver() {
        List<Long> seconds = IntStream.range(0, 10)
                .mapToObj(i -> exact.next(ONE, List.of(Outcomes.blind(Reason.DATABASE_UNREACHABLE)))
                        .toSeconds())
                .toList();
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L);
        IntStream.range(0, 1000).forEach(i -> exact.retry(ONE));
        assertThat(exact.retry(ONE)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aLookThatSucceedsEndsTheBackoff_andOneResourcesFailuresAreNotAnothers() {
        exact.retry(ONE);
        exact.retry(ONE);
        assertThat(exact.retry(OTHER)).isEqualTo(Duration.ofSeconds(1));
        assertThat(exact.next(ONE, List.of(saw(LONGEST)))).isEqualTo(LONGEST);
        assertThat(exact.retry(ONE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theSoonestWishOfAConcernCounts_andTheLongestIntervalIsTheLimit() {
        assertThat(exact.next(ONE, List.of(saw(Duration.ofHours(1)), saw(Duration.ofSeconds(7)))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(exact.next(ONE, List.of(saw(Duration.ofHours(1))))).isEqualTo(LONGEST);
    }

    @Test
    void oneBlindConcernMakesItARetry() {
        assertThat(exact.next(ONE, List.of(saw(LONGEST), Outcomes.blind(Reason.LOOK_FAILED))))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void noRetryIsLaterThanTheLongestInterval_andJitterOnlyShortens() {
        Cadence early = new Cadence(Duration.ofSeconds(10), () -> 1);
        IntStream.range(0, 9).forEach(i -> early.retry(ONE));
        assertThat(early.retry(ONE)).isEqualTo(Duration.ofSeconds(8));
    }

    private static ConcernOutcome saw(Duration next) {
        return Outcomes.seen(Verdict.yes(Reason.INDEXES_VALID, ""), next);
    }
}
