package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisOptions;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/** Whatever happens to Redis: an answer, soon, and the shared level back without a restart. */
class HurtRedisTest {
    private static final Duration BOUNDED = Duration.ofMillis(1500);

    /** Just within the time-out, so nothing fails. */
    private static final Duration SLOW = Duration.ofMillis(90);

    private RedisServer redis = TestRedis.server();
    private Fleet fleet = new Fleet(redis).asDelivered();

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    private static Served ask(Caching instance, int number) {
        return Fleet.ask(instance, number);
    }

    private void assertServes(Caching instance, int from) {
        for (int number = from; number < from + 20; number++) {
            long asked = System.nanoTime();
            assertThat(text(ask(instance, number))).isEqualTo("row " + number);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BOUNDED);
        }
    }

    private void assertSharesAgain(Caching one, Caching two, int from) {
        var number = new AtomicInteger(from);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            int fresh = number.incrementAndGet();
            ask(one, fresh);
            assertThat(ask(two, fresh).how()).isEqualTo(How.SHARED_HIT);
        });
    }

    @Test
    void killedItIsDoneWithoutAndComesBack() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertSharesAgain(one, two, 0);
        redis.kill();
        assertServes(one, 1000);
        redis.start();
        assertSharesAgain(one, two, 2000);
    }

    @Test
    void frozenItDelaysNobodyForLongerThanItsTimeout() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertSharesAgain(one, two, 0);
        redis.suspend();
        assertServes(one, 1000);
        redis.resume();
        assertSharesAgain(one, two, 2000);
    }

    @Test
    void absentAtTheStartItIsFoundLater() {
        redis.kill();
        var one = fleet.instance();
        var two = fleet.instance();
        assertServes(one, 0);
        redis.start();
        assertSharesAgain(one, two, 1000);
    }

    @Test
    void fullItIsReadButNotWaitedFor() {
        redis.close();
        redis = TestRedis.server(
                RedisOptions.defaults().directive("maxmemory", "2mb").directive("maxmemory-policy", "noeviction"));
        fleet = new Fleet(redis).asDelivered();
        try (var jedis = RedisClient.create(redis.url())) {
            for (int i = 0; ; i++) {
                jedis.set("ballast" + i, "x".repeat(10_000));
            }
        } catch (JedisDataException full) {
            assertThat(full).hasMessageContaining("OOM");
        }
        assertServes(fleet.instance(), 0);
    }

    @Test
    void fullItsStaleEntriesAreRefreshedAllTheSame() {
        var brief = Fleet.policy(Duration.ofMillis(40), Duration.ofMinutes(5));
        get(fleet.instance(), brief, giving("old"));
        var another = fleet.instance();
        try (var jedis = new Jedis(redis.host(), redis.port())) {
            jedis.configSet("maxmemory", "1");
            await().untilAsserted(() ->
                    assertThat(text(get(another, brief, giving("new")))).isEqualTo("new"));
        }
    }

    @Test
    void fullNothingIsPutIntoIt() {
        var one = fleet.instance();
        try (var jedis = new Jedis(redis.host(), redis.port())) {
            ask(one, 0); // the table is known there, so that questions are answered
            jedis.configSet("maxmemory", "1");
            long before = jedis.dbSize();
            assertServes(one, 1);
            assertThat(jedis.dbSize()).isEqualTo(before);
        }
    }

    @Test
    void whatItRefusesIsSaidOnceAMinute() {
        try (var jedis = new Jedis(redis.host(), redis.port());
                var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            jedis.configSet("maxmemory", "1");
            assertServes(fleet.instance(), 0);
            assertServes(fleet.instances().getFirst(), 100);
            assertThat(logged.warnings()).hasSize(1);
            assertThat(logged.warnings().getFirst()).contains("OOM");
        }
    }

    @Test
    void aReadOnlyReplicaIsDoneWithout() {
        try (var jedis = new Jedis(redis.host(), redis.port())) {
            jedis.replicaof("127.0.0.1", 1);
            assertServes(fleet.instance(), 0);
            jedis.replicaofNoOne();
        }
    }

    @Test
    void flushedItHoldsNothingOldAsNew() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertThat(text(get(one, POLICY, giving("old")))).isEqualTo("old");
        fleet.change(one, two);
        try (var jedis = RedisClient.create(redis.url())) {
            jedis.flushAll();
        }
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void anOutageUnderLoadIsOverSoonAfterRedisIsBack() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        assertSharesAgain(one, two, 0);
        manyAtOnce(one, 10_000); // all connections of the pool are open now, and break together
        redis.kill();
        manyAtOnce(one, 20_000);
        redis.start();
        var number = new AtomicInteger(30_000);
        await().atMost(Duration.ofSeconds(4)).untilAsserted(() -> {
            int fresh = number.incrementAndGet();
            ask(one, fresh);
            assertThat(ask(two, fresh).how()).isEqualTo(How.SHARED_HIT);
        });
    }

    private static void manyAtOnce(Caching instance, int from) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Served>> all = new ArrayList<>();
            for (int number = from; number < from + 500; number++) {
                int each = number;
                all.add(clients.submit(() -> ask(instance, each)));
            }
            for (var each : all) {
                assertThat(each.get().entry().found()).isTrue();
            }
        }
    }

    @Test
    void slowByHalfASecondItDelaysNobodyForLongerThanItsTimeout() {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet().asDelivered().with("redis.url", "redis://127.0.0.1:" + proxy.port())) {
            var one = slow.instance();
            var two = slow.instance();
            assertSharesAgain(one, two, 0);
            proxy.delayAnswers(Duration.ofMillis(500));
            assertServes(one, 1000);
            proxy.delayAnswers(Duration.ZERO);
            assertSharesAgain(one, two, 2000);
        }
    }

    @Test
    void slowWithinItsTimeoutItIsDoneWithoutUntilItIsQuickAgain() {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet().asDelivered().with("redis.url", "redis://127.0.0.1:" + proxy.port());
                var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            var one = slow.instance();
            var two = slow.instance();
            assertSharesAgain(one, two, 0);
            proxy.delayAnswers(SLOW);

            var number = new AtomicInteger(1000);
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                ask(one, number.incrementAndGet());
                return !one.sharedAvailable();
            });

            assertThat(median(() -> ask(one, number.incrementAndGet()))).isLessThan(SLOW.dividedBy(3));
            assertThat(logged.warnings())
                    .anySatisfy(line -> assertThat(line).contains("took longer than redis.slow-call (25ms)"));
            proxy.delayAnswers(Duration.ZERO);
            assertSharesAgain(one, two, 2000);
        }
    }

    @Test
    void aLocalHitFreshOrStaleNeverWaitsForASlowRedis() {
        var due = Fleet.policy(Duration.ofMillis(1), Duration.ofMinutes(5));
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet()
                        .asDelivered()
                        .with("redis.url", "redis://127.0.0.1:" + proxy.port())
                        .with("redis.slow-call", "5s")) {
            var one = slow.instance();
            ask(one, 1);
            get(one, due, giving("due"));
            proxy.delayAnswers(SLOW);

            Duration fresh = median(() -> assertThat(ask(one, 1).how()).isEqualTo(How.LOCAL_HIT));
            Duration stale =
                    median(() -> assertThat(get(one, due, giving("due")).how()).isIn(How.LOCAL_STALE, How.LOCAL_HIT));

            assertThat(one.sharedAvailable()).isTrue();
            assertThat(fresh).isLessThan(SLOW.dividedBy(3));
            assertThat(stale).isLessThan(SLOW.dividedBy(3));
        }
    }

    /** How long one of many takes. */
    private static Duration median(Runnable request) {
        return Duration.ofNanos(IntStream.range(0, 25)
                .mapToLong(each -> {
                    long asked = System.nanoTime();
                    request.run();
                    return System.nanoTime() - asked;
                })
                .sorted()
                .toArray()[12]);
    }

    @Test
    void anOutageIsSaidOnceAndSoIsItsEnd() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        assertSharesAgain(one, two, 0);
        try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            redis.kill();
            manyAtOnce(one, 10_000);
            await().pollDelay(Duration.ofSeconds(2)).untilAsserted(() -> assertServes(one, 20_000)); // some probes fail
            assertThat(logged.lines()).hasSize(1);
            redis.start();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                ask(one, (int) System.nanoTime());
                assertThat(one.sharedAvailable()).isTrue();
            });
            assertThat(logged.lines()).hasSize(2);
            assertThat(logged.lines().getFirst()).startsWith("WARNING Redis does not answer");
            assertThat(logged.lines().getLast()).startsWith("INFO Redis answers again");
        }
    }

    @Test
    void aRestartFromAnOlderDumpIsNoticed() {
        var one = fleet.instance();
        assertThat(text(get(one, POLICY, giving("old")))).isEqualTo("old");
        try (var keys = KeysInRedis.at(redis.url())) {
            String older = keys.generation();
            fleet.change(one);
            await().until(() -> !keys.generation().equals(older));
            assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
            keys.goBackTo("old", older);
        }
        var clock = new Fleet.Clock();
        clock.forward(Duration.ofHours(2)); // its own level has nothing left of it
        fleet.change(one);
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
    }
}
