package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that pages through one endpoint fills neither level, and takes nothing from the other endpoints. */
class PagingFloodTest {
    private static final int LARGE = 300 << 10;
    private static final int SMALL = 2 << 10;

    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);
    private final KeysInRedis keys = KeysInRedis.at(redis.url());
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
        keys.close();
        fleet.close();
        redis.close();
    }

    private static CacheKey page(String endpoint, int offset) {
        return CacheKey.of("v1", endpoint, new TreeMap<>(Map.of("offset", offset)), "", List.of("s.tasks"));
    }

    /** A body that does not compress. */
    private static Computation random(int bytes, int seed) {
        return () -> {
            byte[] body = new byte[bytes];
            new Random(seed).nextBytes(body);
            return Optional.of(body);
        };
    }

    private static Served page(Caching instance, int offset, int bytes) {
        return get(instance, page("tasks.list", offset), POLICY, random(bytes, offset));
    }

    private long usedByRedis() {
        return keys.jedis()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
                .findFirst()
                .orElseThrow();
    }

    private long entries() {
        return keys.jedis().keys("*:e1:*").size();
    }

    @Test
    void largeAnswersOfManyVariantsAreNotKeptInRedis() {
        var one = fleet.instance();
        page(one, 0, SMALL);
        long before = usedByRedis();

        for (int offset = 1; offset <= 200; offset++) {
            assertThat(page(one, offset, LARGE).how()).isEqualTo(How.MISS);
        }

        assertThat(usedByRedis() - before).isLessThan(2 << 20);
        assertThat(entries()).isEqualTo(1);
        assertThat(keys.jedis().keys("*:l1:*")).isEmpty();
    }

    @Test
    void smallOnesAreKeptThereUpToTheEndpointsBoundTheLatestOnes() {
        long bound = 1 << 20;
        fleet.with("cache.endpoint-shared-size", "1MB");
        var one = fleet.instance();
        page(one, 0, SMALL);
        long before = usedByRedis();

        for (int offset = 1; offset <= 2000; offset++) {
            page(one, offset, SMALL);
        }

        assertThat(usedByRedis() - before).isBetween(bound / 2, 2 * bound);
        assertThat(entries()).isBetween(bound / SMALL / 4, bound / SMALL);
        var two = fleet.instance();
        assertThat(page(two, 2000, SMALL).how()).isEqualTo(How.SHARED_HIT);
        assertThat(page(two, 1, SMALL).how()).isEqualTo(How.MISS);
    }

    @Test
    void answersThatAreComputedAgainAreCountedOnce() {
        fleet.with("cache.endpoint-shared-size", "1MB");
        var one = fleet.instance();
        page(one, 1, SMALL);

        for (int time = 1; time <= 1000; time++) {
            fleet.change(one);
            get(one, page("tasks.list", 2), POLICY, random(SMALL + time % 3, time));
        }

        await().until(one::isSettled);
        fleet.change(one);
        page(one, 1, SMALL);
        page(one, 2, SMALL);
        assertThat(entries()).isEqualTo(2);
        assertThat(keys.jedis().zscore(keys.held(), "")).isLessThan(3.0 * (SMALL + 1200));
        assertThat(keys.jedis().zcard(keys.held())).isEqualTo(3);
    }

    @Test
    void anEntryIsInRedisAsLongAsItsPolicyCanUseIt() {
        var one = fleet.instance();

        page(one, 1, SMALL);

        long left = keys.jedis().pttl(keys.jedis().keys("*:e1:*").iterator().next());
        long used = POLICY.fresh().plus(POLICY.staleIfError()).toMillis();
        assertThat(left).isBetween(used - 10_000, used);
    }

    @Test
    void aLargeAnswerWithoutVariantsIsKept() {
        get(fleet.instance(), POLICY, random(4 * LARGE, 1));

        assertThat(get(fleet.instance(), POLICY, giving("never asked")).how()).isEqualTo(How.SHARED_HIT);
    }

    @Test
    void aLargeVariantThatSeveralInstancesWantAtOnceIsComputedOnceAndHandedOver() throws Exception {
        var computed = new AtomicInteger();
        var go = new CountDownLatch(1);
        List<Future<Served>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var instance = fleet.instance();
            Callable<Served> request = () -> get(instance, page("tasks.list", 1), POLICY, () -> {
                computed.incrementAndGet();
                await().until(() -> go.getCount() == 0);
                return random(LARGE, 1).compute();
            });
            asked.add(clients.submit(request));
        }
        await().until(() -> fleet.instances().stream()
                        .mapToLong(each -> Fleet.counts(each).leaseWaits().sum())
                        .sum()
                == 3);

        go.countDown();

        for (var each : asked) {
            assertThat(each.get().how()).isIn(How.MISS, How.SHARED_HIT);
        }
        assertThat(computed).hasValue(1);
        long kept = fleet.instances().stream()
                .filter(instance -> instance.localBytes() > LARGE)
                .count();
        assertThat(kept).as("those to whom it was handed over").isGreaterThanOrEqualTo(3);
        await().atMost(Duration.ofSeconds(4)).until(() -> entries() == 0);
    }

    @Test
    void ofOneInstanceTheFloodedEndpointHoldsNoMoreThanItsBoundAndTheOthersKeepTheirs() {
        fleet.with("cache.local-size", "8MB").with("cache.endpoint-local-size", "2MB");
        var one = fleet.instance();
        for (int offset = 0; offset < 100; offset++) {
            get(one, page("topics.list", offset), POLICY, random(SMALL, offset));
        }

        for (int offset = 0; offset < 200; offset++) {
            page(one, offset / 2, LARGE);
        }

        assertThat(one.localBytes()).isLessThan((2 << 20) + (1 << 19));
        for (int offset = 0; offset < 100; offset++) {
            assertThat(get(one, page("topics.list", offset), POLICY, giving("gone"))
                            .how())
                    .isEqualTo(How.LOCAL_HIT);
        }
    }

    @Test
    void aLargePageIsKeptInProcessWhenItIsComputedTwiceWithinAMinute() {
        var one = fleet.instance();

        assertThat(page(one, 1, LARGE).how()).isEqualTo(How.MISS);
        assertThat(one.localBytes()).isZero();
        assertThat(page(one, 1, LARGE).how()).isEqualTo(How.MISS);

        assertThat(page(one, 1, LARGE).how()).isEqualTo(How.LOCAL_HIT);
    }

    @Test
    void largePagesThatAreReadOnceLeaveNothingInProcess_howeverOftenTheyAreReadSo() {
        var clock = Fleet.Clock.standing();
        var one = fleet.instance(clock);

        for (int round = 0; round < 3; round++) {
            for (int offset = 0; offset < 50; offset++) {
                page(one, offset, LARGE);
            }
            clock.forward(LocalCache.TWICE_WITHIN.plusSeconds(1));
        }

        assertThat(one.localBytes()).isZero();
    }

    @Test
    void thePageThatIsAskedForAllTheTimeStaysThroughAFlood() {
        fleet.with("cache.endpoint-local-size", "2MB");
        var one = fleet.instance();
        page(one, 0, LARGE);
        page(one, 0, LARGE);

        for (int offset = 1; offset < 100; offset++) {
            page(one, offset, LARGE);
            page(one, offset, LARGE);
            assertThat(page(one, 0, LARGE).how()).isEqualTo(How.LOCAL_HIT);
        }
    }

    @Test
    void anAnswerLargerThanItsEndpointMayHoldIsServedAndNotKept() {
        fleet.with("cache.endpoint-local-size", "100KB").with("cache.endpoint-shared-size", "100KB");
        var one = fleet.instance();

        assertThat(get(one, POLICY, random(LARGE, 1)).entry().body()).hasSize(LARGE);

        assertThat(text(get(one, POLICY, giving("next")))).isEqualTo("next");
        assertThat(entries()).isEqualTo(1);
    }
}
