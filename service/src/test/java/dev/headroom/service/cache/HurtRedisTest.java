package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.RedisOptions;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/** Whatever happens to Redis: an answer, soon, and the shared level back without a restart. */
class HurtRedisTest {
    private static final Duration BOUNDED = Duration.ofMillis(1500);

    private RedisServer redis = TestRedis.server();
    private Fleet fleet = new Fleet(redis);

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    private static CacheKey key(int number) {
        return CacheKey.of("v1", "tasks.one", new TreeMap<>(Map.of("id", number)), "", List.of("s.tasks"));
    }

    private static Served ask(Caching instance, int number) {
        return instance.results().get(key(number), instance.metrics().of("tasks.one"), POLICY, giving("row " + number));
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
        fleet = new Fleet(redis);
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
    void aRestartFromAnOlderDumpIsNoticed() {
        var one = fleet.instance();
        assertThat(text(get(one, POLICY, giving("old")))).isEqualTo("old");
        try (var jedis = RedisClient.create(redis.url())) {
            String tag = "headroom:1:{" + CacheKey.digest("/test-database").substring(0, 12) + "}:";
            var generations = jedis.hgetAll(tag + "generations");
            fleet.change(one);
            await().untilAsserted(
                            () -> assertThat(jedis.hgetAll(tag + "generations")).isNotEqualTo(generations));
            assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
            await().untilAsserted(() ->
                    assertThat(jedis.hget(tag + "e:" + Fleet.KEY.text(), "d")).contains("new"));
            byte[] older = new EntryAt(jedis, tag).overwrite("old", generations.get("s.tasks"));
            assertThat(older).isNotEmpty();
            jedis.hset(tag + "generations", generations);
        }
        var clock = new Fleet.Clock();
        clock.forward(Duration.ofHours(2)); // its own level has nothing left of it
        fleet.change(one);
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
    }

    /** Puts an entry into Redis as an older dump would have it. */
    private record EntryAt(RedisClient jedis, String tag) {
        byte[] overwrite(String body, String stamp) {
            byte[] bytes = EntryCodec.write(Entry.of(body.getBytes(UTF_8), 1));
            String name = tag + "e:" + Fleet.KEY.text();
            jedis.hset(name, "s", stamp);
            jedis.hset(name.getBytes(UTF_8), "d".getBytes(UTF_8), bytes);
            return bytes;
        }
    }
}
