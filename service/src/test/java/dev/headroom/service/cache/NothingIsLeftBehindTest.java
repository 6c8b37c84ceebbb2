package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.RedisSentinel;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Neither after an instance has ended nor while it lives does anything pile up. */
class NothingIsLeftBehindTest {
    private static final int KEYS = 200_000;
    private static final long LIMIT = 16L << 20;

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName() + '#' + thread.threadId())
                .collect(Collectors.toSet());
    }

    private static void assertEndsWithout(Set<String> before) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(threads())
                        .allMatch(name -> before.contains(name)
                                || !name.matches("(?i).*(cache-clock|redis|jedis|sentinel|commons-pool|topology).*")));
    }

    @Test
    void anInstanceThatEndsLeavesNoThreadAndNoConnection() {
        var before = threads();
        try (var redis = TestRedis.server();
                var proxy = TcpProxy.plain(redis.host(), redis.port())) {
            try (var fleet = new Fleet().with("redis.url", "redis://127.0.0.1:" + proxy.port())) {
                for (int i = 0; i < 5; i++) {
                    get(fleet.instance(), POLICY, giving("a"));
                }
                assertThat(proxy.connections()).isPositive();
            }
            await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
            assertEndsWithout(before);
        }
    }

    @Test
    void neitherDoesOneOfASentinelOrACluster() {
        var before = threads();
        try (var sentinel = TestRedis.sentinel();
                var fleet = new Fleet()
                        .with("redis.sentinel.nodes", sentinel.node())
                        .with("redis.sentinel.master", RedisSentinel.MASTER)) {
            get(fleet.instance(), POLICY, giving("a"));
        }
        try (var cluster = TestRedis.cluster();
                var fleet = new Fleet().with("redis.cluster.nodes", String.join(",", cluster.nodes()))) {
            get(fleet.instance(), POLICY, giving("a"));
        }
        assertEndsWithout(before);
    }

    @Test
    void norOneWhoseRedisNeverCame() {
        var before = threads();
        try (var fleet = new Fleet().with("redis.cluster.nodes", "127.0.0.1:1")) {
            get(fleet.instance(), POLICY, giving("a"));
        }
        assertEndsWithout(before);
    }

    @Test
    void manyKeysTakeNoMoreMemoryThanIsSet() throws Exception {
        byte[] body = "{\"id\":1,\"title\":\"a row that is not very long\"}".getBytes(UTF_8);
        try (var fleet = new Fleet().with("cache.local-size", (LIMIT >> 20) + "MB")) {
            var instance = fleet.instance();
            long before = used();
            try (var clients = Executors.newFixedThreadPool(4)) {
                for (int client = 0; client < 4; client++) {
                    int from = client * KEYS / 4;
                    clients.execute(() -> {
                        for (int number = from; number < from + KEYS / 4; number++) {
                            Fleet.ask(instance, number, () -> Optional.of(body.clone()));
                        }
                    });
                }
            }
            assertThat(instance.metrics().of("tasks.list").served(Served.How.MISS))
                    .isEqualTo(KEYS);
            assertThat(instance.localBytes()).isLessThanOrEqualTo(LIMIT);
            assertThat(instance.localEntries()).isBetween(1000L, KEYS / 2L);
            // What it says it weighs is about what it takes: neither half of it nor twice as much.
            assertThat(used() - before).isBetween(LIMIT / 3, LIMIT * 3 / 2);
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
