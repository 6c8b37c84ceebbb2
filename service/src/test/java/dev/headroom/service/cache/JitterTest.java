package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Entries expire earlier by a share of their own, so that they do not expire together. */
class JitterTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static CachePolicy policy(Duration fresh, double jitter) {
        return new CachePolicy("test", fresh, MINUTE, MINUTE, Duration.ZERO, fresh, jitter, CachePolicy.Scope.SHARED);
    }

    private static Kept kept(String body) {
        return new Kept(Entry.of(body.getBytes(UTF_8), 1), new Generations.Stamp(0, List.of()), 0, 0);
    }

    @Property
    void noEntryIsFreshForLongerThanThePolicySaysNorForLessThanItsShareLeaves(
            @ForAll String body,
            @ForAll @DoubleRange(max = 0.5) double jitter,
            @ForAll @LongRange(min = 1, max = 86_400_000) long millis) {
        var fresh = Duration.ofMillis(millis);
        long nanos = kept(body).freshNanos(policy(fresh, jitter));
        assertThat(nanos).isLessThanOrEqualTo(fresh.toNanos()).isGreaterThanOrEqualTo((long)
                (fresh.toNanos() * (1 - jitter)));
    }

    @Test
    void aThousandEntriesSpreadOverTheWholeShare() {
        var policy = policy(MINUTE, 0.2);
        LongSummaryStatistics seconds = IntStream.range(0, 1000)
                .mapToLong(number -> kept("row " + number).freshNanos(policy) / 1_000_000)
                .summaryStatistics();
        assertThat(seconds.getMin()).isBetween(48_000L, 48_500L);
        assertThat(seconds.getMax()).isBetween(59_500L, 60_000L);
        assertThat(seconds.getAverage()).isBetween(53_500.0, 54_500.0);
        for (int tenth = 0; tenth < 10; tenth++) {
            long from = 48_000 + tenth * 1_200L;
            long within = IntStream.range(0, 1000)
                    .mapToLong(number -> kept("row " + number).freshNanos(policy) / 1_000_000)
                    .filter(each -> each >= from && each < from + 1_200)
                    .count();
            assertThat(within).isBetween(50L, 150L);
        }
    }

    @Test
    void withoutItAllAreFreshForAsLongAsThePolicySays() {
        assertThat(IntStream.range(0, 100)
                        .mapToLong(number -> kept("row " + number).freshNanos(policy(MINUTE, 0))))
                .containsOnly(MINUTE.toNanos());
    }

    @Test
    void oneEntryIsFreshForTheSameTimeOnEveryInstance() {
        var policy = policy(MINUTE, 0.5);
        try (var redis = TestRedis.server();
                var fleet = new Fleet(redis)) {
            for (int number = 0; number < 20; number++) {
                String body = "row " + number;
                Served made = one(fleet.instance(), number, policy, body);
                Served shared = one(fleet.instance(), number, policy, "never asked");
                assertThat(shared.how()).isEqualTo(How.SHARED_HIT);
                assertThat(lifetime(shared))
                        .isEqualTo(lifetime(made))
                        .isEqualTo(kept(body).freshNanos(policy));
            }
        }
    }

    private static long lifetime(Served served) {
        return served.fresh().plus(served.age()).toNanos();
    }

    private static Served one(Caching instance, int number, CachePolicy policy, String body) {
        var key = new CacheKey("v1|row|" + number, List.of("s.tasks"), true);
        return Fleet.get(instance, key, policy, Fleet.giving(body));
    }
}
