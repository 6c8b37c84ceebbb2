package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.RedisSentinel;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sentinel and Cluster, as real processes: the same cache, whatever stands behind the settings. */
class RedisTopologiesTest {
    private static final Duration BOUNDED = Duration.ofMillis(1500);

    private final AtomicInteger number = new AtomicInteger();

    private void assertShares(Caching one, Caching two) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            int fresh = number.incrementAndGet();
            Fleet.ask(one, fresh);
            assertThat(Fleet.ask(two, fresh).how()).isEqualTo(How.SHARED_HIT);
        });
    }

    private void assertServes(Caching instance) {
        for (int i = 0; i < 20; i++) {
            int fresh = number.incrementAndGet();
            long asked = System.nanoTime();
            assertThat(text(Fleet.ask(instance, fresh))).isEqualTo("row " + fresh);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BOUNDED);
        }
    }

    private static Fleet ofCluster(List<String> nodes) {
        return new Fleet().asDelivered().with("redis.cluster.nodes", String.join(",", nodes));
    }

    private static Fleet ofSentinel(RedisSentinel sentinel) {
        return new Fleet()
                .asDelivered()
                .with("redis.sentinel.nodes", sentinel.node())
                .with("redis.sentinel.master", RedisSentinel.MASTER);
    }

    @Test
    void aClusterSharesAnswersAndCountsChanges() {
        try (var cluster = TestRedis.cluster();
                var fleet = ofCluster(cluster.nodes())) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            Fleet.get(one, POLICY, giving("before"));
            assertThat(text(Fleet.get(two, POLICY, giving("never asked")))).isEqualTo("before");
            fleet.change(one, two);
            assertThat(text(Fleet.get(one, POLICY, giving("after")))).isEqualTo("after");
            await().untilAsserted(() ->
                    assertThat(text(Fleet.get(two, POLICY, giving("after")))).isEqualTo("after"));
        }
    }

    @Test
    void aClusterKeepsAnEndpointWithinItsBoundAsWell() {
        try (var cluster = TestRedis.cluster();
                var fleet = new Fleet()
                        .with("redis.cluster.nodes", String.join(",", cluster.nodes()))
                        .with("cache.endpoint-shared-size", "100KB")) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);

            for (int page = 1001; page <= 1300; page++) {
                Fleet.ask(one, page);
            }

            assertThat(Fleet.ask(two, 1300).how()).isEqualTo(How.SHARED_HIT);
            assertThat(Fleet.ask(two, 1001).how()).isEqualTo(How.MISS);
        }
    }

    @Test
    void aClusterThatLosesItsNodesIsDoneWithoutAndComesBack() {
        try (var cluster = TestRedis.cluster();
                var fleet = ofCluster(cluster.nodes())) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            cluster.masters().forEach(RedisServer::kill);
            assertServes(one);
            cluster.masters().forEach(RedisServer::start);
            assertShares(one, two);
        }
    }

    @Test
    void aClusterThatHangsDelaysNobodyForLongerThanItsTimeouts() {
        try (var cluster = TestRedis.cluster();
                var fleet = ofCluster(cluster.nodes())) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            cluster.masters().forEach(RedisServer::suspend);
            assertServes(one);
            cluster.masters().forEach(RedisServer::resume);
            assertShares(one, two);
        }
    }

    @Test
    void aClusterThatIsNotThereAtTheStartIsFoundLater() {
        try (var cluster = TestRedis.cluster();
                var fleet = ofCluster(cluster.nodes())) {
            cluster.masters().forEach(RedisServer::kill);
            long began = System.nanoTime();
            var one = fleet.instance();
            var two = fleet.instance();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUNDED);
            assertServes(one);
            cluster.masters().forEach(RedisServer::start);
            assertShares(one, two);
        }
    }

    @Test
    void aFailoverInTheMiddleIsFollowedWithoutARestart() {
        try (var sentinel = TestRedis.sentinel();
                var fleet = ofSentinel(sentinel)) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            sentinel.master().kill();
            assertServes(one);
            assertShares(one, two); // nothing but the replica can answer now
        }
    }

    @Test
    void whatWasCountedBeforeAFailoverIsNotForgottenByItsInstances() {
        try (var sentinel = TestRedis.sentinel();
                var fleet = ofSentinel(sentinel)) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            Fleet.get(one, POLICY, giving("before"));
            sentinel.replica().suspend(); // it hears of nothing more, as one that lags does
            fleet.change(one, two);
            assertThat(text(Fleet.get(one, POLICY, giving("after")))).isEqualTo("after");
            sentinel.master().kill();
            sentinel.replica().resume();
            assertShares(one, two);
            assertThat(text(Fleet.get(two, POLICY, giving("after")))).isEqualTo("after");
        }
    }

    @Test
    void aSentinelThatIsNotThereAtTheStartIsFoundLater() {
        try (var sentinel = TestRedis.sentinel();
                var fleet = ofSentinel(sentinel)) {
            sentinel.kill();
            long began = System.nanoTime();
            var one = fleet.instance();
            var two = fleet.instance();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUNDED);
            assertServes(one);
            sentinel.start();
            assertShares(one, two);
        }
    }

    @Test
    void aSentinelThatDiesLaterIsNotMissed() {
        try (var sentinel = TestRedis.sentinel();
                var fleet = ofSentinel(sentinel)) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertShares(one, two);
            sentinel.kill();
            assertShares(one, two);
        }
    }

    /** The default user may do what the test kit needs to look whether all is in step. */
    @Test
    void aSentinelMayHaveAUserAndAPasswordOfItsOwn() {
        try (var sentinel = TestRedis.sentinel(
                        "user headroom on >sentinels-own allchannels +@all",
                        "user default on nopass -@all +sentinel|replicas");
                var fleet = ofSentinel(sentinel)
                        .with("redis.sentinel.user", "headroom")
                        .with("redis.sentinel.password", "sentinels-own");
                var without = ofSentinel(sentinel)) {
            assertShares(fleet.instance(), fleet.instance());
            var shutOut = without.instance();
            assertServes(shutOut);
            assertThat(shutOut.sharedAvailable()).isFalse();
        }
    }
}
