package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The races of docs/decisions/0090, by their numbers, those of the fleet in {@link CoverageTest}. */
class RacesTest {
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

    /** What an instance that has nothing of its own finds in Redis, or "nothing". */
    private String inRedis() {
        return text(get(fleet.instance(), POLICY, giving("nothing")));
    }

    @Test
    void race1AComputationThatBeganBeforeAChangeNeverStandsInRedisAfterIt() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        var slow = Slow.request(one, "old");
        String before = keys.generation();
        fleet.change(one, two);
        await().until(() -> !keys.generation().equals(before));
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
        assertThat(slow.end()).isEqualTo("old");
        assertThat(inRedis()).isEqualTo("new");
        assertThat(text(get(one, POLICY, giving("never asked")))).isEqualTo("new");
    }

    @Test
    void race1ItIsRefusedEvenWhereNobodyHasComputedTheNewTruthYet() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        var slow = Slow.request(one, "old");
        String before = keys.generation();
        fleet.change(one, two);
        await().until(() -> !keys.generation().equals(before));
        slow.end();
        assertThat(inRedis()).isEqualTo("nothing");
    }

    @Test
    void race2WhatRedisHasNotCountedYetIsNotAskedFor() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        keys.refuseToCount();
        fleet.change(two);
        for (int i = 0; i < 5; i++) {
            assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
        }
        keys.countAgain();
        await().until(two::isSettled);
        assertThat(inRedis()).isNotEqualTo("old");
    }

    @Test
    void race2AChangeHeardWhileWaitingForAnothersLeaseIsNotAnsweredWithItsOldResult() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        var slow = Slow.request(one, "old");
        var waiting = clients.submit(() -> get(two, POLICY, giving("new")));
        await().until(() -> two.metrics().of("tasks.list").leaseWaits().sum() > 0);
        keys.refuseToCount();
        fleet.change(two); // and Redis, which does not know of it, takes the old result in
        assertThat(slow.end()).isEqualTo("old");
        waiting.get();
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void race2AChangeThatAllHearAtOnceIsOneComputationInTheFleet() throws Exception {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet().with("redis.url", "redis://127.0.0.1:" + proxy.port())) {
            var all = Stream.generate(() -> slow.instance(Fleet.Clock.standing()))
                    .limit(3)
                    .toArray(Caching[]::new);
            for (var each : all) {
                assertThat(text(get(each, POLICY, giving("old")))).isEqualTo("old");
            }
            proxy.delayAnswers(Duration.ofMillis(3)); // so that nothing is counted yet when the next ones ask
            slow.change(all);
            var computed = new AtomicInteger();
            var asked = Stream.of(all)
                    .map(instance -> clients.submit(() -> get(instance, POLICY, () -> {
                        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
                        return Optional.of(("new " + computed.incrementAndGet()).getBytes(UTF_8));
                    })))
                    .toList();
            for (var each : asked) {
                assertThat(text(each.get())).isEqualTo("new 1");
            }
            assertThat(computed).hasValue(1);
        }
    }

    @Test
    void race3AChangeThatTenInstancesHearIsCountedOnce() {
        List<Caching> ten = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> fleet.instance())
                .toList();
        get(ten.getFirst(), POLICY, giving("before"));
        Set<String> seen = new HashSet<>();
        seen.add(keys.generation());
        fleet.change(ten.toArray(new Caching[0]));
        await().until(() -> {
            seen.add(keys.generation());
            return ten.stream().allMatch(Caching::isSettled);
        });
        seen.add(keys.generation());
        assertThat(seen).hasSize(2);
    }

    @Test
    void race3WhoHearsTwoChangesAtOnceHasMoreToCountThanWhoHeardTheFirstOfThem() {
        var any = CacheKey.of("v1", "untold", new TreeMap<>(), "", List.of(CacheKey.ANY_TABLE));
        var one = fleet.instance();
        var two = fleet.instance();
        Fleet.get(one, any, POLICY, giving("oldest"));
        Fleet.get(two, any, POLICY, giving("oldest"));
        two.hearing().changed(Map.of("s.tasks", "5"));
        await().until(two::isSettled);
        assertThat(text(Fleet.get(two, any, POLICY, giving("old")))).isEqualTo("old");
        // The second change is committed, and the instance that heard of the first is gone.
        Map<String, String> both = new LinkedHashMap<>(Map.of("s.tasks", "5"));
        both.put("s.others", "6");
        one.hearing().changed(both);
        await().until(one::isSettled);
        assertThat(text(Fleet.get(one, any, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void race4WhoseLeaseEndedInTheMiddleDoesNotOverwriteWhoBeganLater() throws Exception {
        fleet.with("cache.lease-time", "100ms");
        var one = fleet.instance();
        var two = fleet.instance();
        var slow = Slow.request(one, "first");
        assertThat(text(get(two, POLICY, giving("second")))).isEqualTo("second");
        assertThat(slow.end()).isEqualTo("first");
        assertThat(inRedis()).isEqualTo("second");
    }

    @Test
    void race4WhoBeganLaterOverwritesWhoWasFaster() throws Exception {
        fleet.with("cache.lease-time", "100ms");
        var first = Slow.request(fleet.instance(), "first");
        await().until(() -> !keys.jedis().exists(keys.lease()));
        var second = Slow.request(fleet.instance(), "second");
        first.end();
        second.end();
        assertThat(inRedis()).isEqualTo("second");
    }

    @Test
    void race5OfAllWhoWaitForADeadOwnerOneTakesItsPlace() throws Exception {
        var dying = fleet.instance();
        var slow = Slow.request(dying, "never");
        var computed = new AtomicInteger();
        var waiting = List.of(fleet.instance(), fleet.instance(), fleet.instance()).stream()
                .map(instance -> clients.submit(() -> get(instance, POLICY, () -> {
                    computed.incrementAndGet();
                    return Optional.of("taken over".getBytes(UTF_8));
                })))
                .toList();
        for (var each : waiting) {
            assertThat(text(each.get())).isEqualTo("taken over");
        }
        assertThat(computed).hasValue(1);
        assertThat(slow.end()).isEqualTo("never");
        assertThat(inRedis()).isEqualTo("taken over");
    }

    @Test
    void race7AnEntryFromAClockThatWentBackDoesNotKeepNewOnesOut() {
        var one = fleet.instance();
        get(one, POLICY, giving("of the future"));
        long future = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        keys.jedis().hset(keys.entry(), "b", String.valueOf(future));
        keys.jedis().hset(keys.entry(), "f", "0"); // due: the next one refreshes it
        get(fleet.instance(), Fleet.policy(Duration.ZERO.plusNanos(1), Duration.ZERO), giving("newer"));
        assertThat(Long.parseLong(keys.jedis().hget(keys.entry(), "b"))).isLessThan(future);
    }

    @Test
    void race8AGenerationThatWasEvictedMakesOldEntriesMisses() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        keys.jedis().del(keys.generations());
        assertThat(inRedis()).isEqualTo("nothing");
    }

    @Test
    void race9AnInstanceThatOnlyHeardOfAChangeKnowsAnOlderDumpByIt() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        String older = keys.generation();
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        keys.goBackTo("old", older);
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void race9ARedisWhoseClockIsBehindWhatItHadCountedIsUsedAgainAtOnce() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        String older = keys.generation();
        String ahead =
                String.valueOf(Long.parseLong(older) + Duration.ofHours(1).toNanos() / 1000);
        keys.jedis().hset(keys.generations(), "s.tasks", ahead);
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        get(one, POLICY, giving("seen"));
        keys.goBackTo("old", older);
        fleet.change(one, two);
        await().untilAsserted(() -> {
            assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
            assertThat(get(fleet.instance(), POLICY, giving("new")).how()).isEqualTo(How.SHARED_HIT);
        });
    }
}
