package dev.headroom.service.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.metrics.Exposition;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisOptions;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;

/** A Redis that answers, but with a refusal: it is done without, it is said not to be there, and it is found again. */
class RefusingRedisTest {
    private static final ProtocolCommand DEBUG = () -> "DEBUG".getBytes(StandardCharsets.US_ASCII);

    private static final Duration BOUNDED = Duration.ofMillis(1500);

    private final RedisServer redis = TestRedis.server(RedisOptions.defaults().directive("rdbcompression", "no"));
    private final Fleet fleet = new Fleet(redis);
    private final AtomicInteger number = new AtomicInteger();

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    private void assertServes(Caching instance) {
        for (int i = 0; i < 5; i++) {
            int row = number.incrementAndGet();
            long asked = System.nanoTime();
            assertThat(Fleet.text(Fleet.ask(instance, row))).isEqualTo("row " + row);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BOUNDED);
        }
    }

    private void assertShares(Caching one, Caching two) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            int row = number.incrementAndGet();
            Fleet.ask(one, row);
            assertThat(Fleet.ask(two, row).how()).isEqualTo(How.SHARED_HIT);
            assertThat(up(one)).isEqualTo("1");
            assertThat(up(two)).isEqualTo("1");
        });
    }

    private static String up(Caching instance) {
        var page = new Exposition();
        new CacheFamilies(instance).accept(page);
        return new String(page.bytes(), StandardCharsets.UTF_8).replaceFirst("(?s).*\\ncache_shared_up (\\d).*", "$1");
    }

    @Test
    void loadingItsDumpItIsDoneWithoutAndNotUp() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        assertShares(one, two);
        try (var loading = new Jedis(redis.host(), redis.port(), 60_000);
                ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
                var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            // It looks after its clients each 2 MB that it has read, and rests after each value.
            loading.configSet("key-load-delay", "150000");
            debug(loading, "POPULATE", "20", "ballast", "2200000");
            Future<?> reloaded = beside.submit(() -> debug(loading, "RELOAD"));
            await().atMost(Duration.ofSeconds(10)).until(this::isLoading);
            assertServes(one);
            assertThat(up(one)).isEqualTo("0");
            assertThat(one.sharedAvailable()).isFalse();
            assertThat(isLoading()).isTrue();
            reloaded.get();
            assertShares(one, two);
            assertThat(logged.warnings()).singleElement().asString().contains("LOADING");
        }
    }

    private static Object debug(Jedis redis, String... arguments) {
        try {
            return redis.sendCommand(DEBUG, arguments);
        } catch (JedisDataException refused) {
            throw Skipped.because("this Redis does not let itself be debugged", "TEST_BACKEND=embedded");
        }
    }

    private boolean isLoading() {
        try (var jedis = new Jedis(redis.host(), redis.port(), 5_000)) {
            jedis.get("anything");
            return false;
        } catch (JedisDataException refused) {
            return String.valueOf(refused.getMessage()).startsWith("LOADING");
        }
    }

    @Test
    void asAReplicaItIsReadAndNotUp() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertShares(one, two);
        try (var jedis = new Jedis(redis.host(), redis.port())) {
            jedis.replicaof("127.0.0.1", 1);
            assertServes(one);
            assertThat(up(one)).isEqualTo("0");
            jedis.replicaofNoOne();
        }
        assertShares(one, two);
    }

    @Test
    void fullItIsUp() {
        var one = fleet.instance();
        assertServes(one);
        try (var jedis = new Jedis(redis.host(), redis.port())) {
            jedis.configSet("maxmemory", "1");
            assertServes(one);
            assertThat(up(one)).isEqualTo("1");
        }
    }
}
