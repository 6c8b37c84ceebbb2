package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.shared.SharedCache;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is heard, by whom, and what of it is kept. */
class HearingTest {
    private static final SharedCache.Times A_SECOND =
            new SharedCache.Times(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);
    private final KeysInRedis keys = KeysInRedis.at(redis.url());

    @AfterEach
    void stop() {
        keys.close();
        fleet.close();
        redis.close();
    }

    private static void hear(Caching instance, String table, int number) {
        instance.hearing().changed(Map.of(table, number + "/1"));
    }

    @Test
    void whoFailsWhenItIsToldIsSaidOnceAndTheOthersHear() {
        var one = fleet.instance();
        List<Set<String>> heard = new ArrayList<>();
        one.hearing().onChange(tables -> {
            throw new IllegalStateException("not today");
        });
        one.hearing().onChange(heard::add);
        try (var logged = LoggedLines.of(Hearing.class.getPackage())) {
            hear(one, "s.tasks", 1);
            hear(one, "s.tasks", 2);
            assertThat(heard).hasSize(2);
            assertThat(logged.warnings()).hasSize(1);
        }
    }

    @Test
    void namesThatNobodyReadsAreNotKeptAnywhere() {
        var generations = new Generations();
        var unsettled = new Unsettled();
        var hearing = new Hearing(generations, unsettled, null, new CacheMetrics(), Runnable::run, System::nanoTime);
        hearing.changed(Map.of("made.up", "1/1"));
        assertThat(generations.knows("made.up")).isFalse();

        var one = fleet.instance();
        assertThat(text(get(one, POLICY, giving("old")))).isEqualTo("old");
        long before = keys.jedis().dbSize();
        for (int i = 0; i < 500; i++) {
            hear(one, "made.up" + i, i);
        }
        await().until(one::isSettled);
        assertThat(keys.jedis().dbSize()).isEqualTo(before);
        assertThat(keys.allGenerations()).containsOnlyKeys("s.tasks");
        hear(one, "s.tasks", 1);
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void whatNobodyReadHereYetIsCountedForThoseWhoDid() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertThat(text(get(one, POLICY, giving("old")))).isEqualTo("old");
        one.close();
        hear(two, "s.tasks", 1); // of which two has kept nothing so far
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void whoNeverAskedForAnAnswerOfAnyTableCountsItsChangesForThoseWhoDid() {
        var any = CacheKey.of("v1", "untold", new TreeMap<>(), "", List.of(CacheKey.ANY_TABLE));
        var one = fleet.instance();
        var two = fleet.instance();
        assertThat(text(Fleet.get(one, any, POLICY, giving("old")))).isEqualTo("old");
        one.close();
        hear(two, "s.tasks", 1);
        await().until(two::isSettled);
        assertThat(text(Fleet.get(two, any, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void howeverManyChangesAreHeardWhileRedisIsSlowTheyAreOneErrand() {
        List<Runnable> errands = new ArrayList<>();
        var metrics = new CacheMetrics();
        var shared = new SharedCache("one", A_SECOND, 1 << 20, metrics.sharedErrors(), System::nanoTime);
        var hearing = new Hearing(new Generations(), new Unsettled(), shared, metrics, errands::add, System::nanoTime);
        for (int i = 0; i < 1000; i++) {
            hearing.changed(Map.of("s.tasks", i + "/1"));
        }
        assertThat(errands).hasSize(1);
        errands.removeFirst().run();
        hearing.changed(Map.of("s.tasks", "1000/1"));
        assertThat(errands).hasSize(1);
    }

    @Test
    void nobodyWaitsForACountThatRedisDidNotDo() {
        var unsettled = new Unsettled();
        unsettled.add("s.tasks", "1");
        assertThat(unsettled.isOnItsWay(Fleet.KEY)).isTrue();
        var away = new SharedCache("one", A_SECOND, 1 << 20, new LongAdder(), System::nanoTime);
        unsettled.settle(away);
        assertThat(unsettled.has(Fleet.KEY)).isTrue();
        assertThat(unsettled.isOnItsWay(Fleet.KEY)).isFalse();
    }

    @Test
    void aTickThatFailsIsNotTheLastOne() {
        var failures = new AtomicInteger(3);
        var one = fleet.deaf(new Fleet.Clock() {
            @Override
            long nanos() {
                if (Thread.currentThread().getName().equals("cache-clock") && failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("not this time");
                }
                return super.nanos();
            }
        });
        try (var logged = LoggedLines.of(Hearing.class.getPackage())) {
            one.hearing().listening();
            await().until(() -> keys.jedis().exists(keys.signOfLife()));
            assertThat(logged.warnings()).singleElement().asString().contains("following the changes of tables failed");
        }
    }

    @Test
    void moreNamesThanCanBeRememberedWhileRedisIsAwayAreAnyTable() {
        var unsettled = new Unsettled();
        for (int i = 0; i < Unsettled.MOST; i++) {
            unsettled.add("made.up" + i, "1");
        }
        assertThat(unsettled.has(Fleet.KEY)).isFalse();
        unsettled.add("made.up0", "2"); // again one of those
        assertThat(unsettled.has(Fleet.KEY)).isFalse();
        unsettled.add("one.more", "1");
        assertThat(unsettled.has(Fleet.KEY)).isTrue();
    }
}
