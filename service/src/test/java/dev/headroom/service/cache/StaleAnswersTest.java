package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is past its freshness is served at once, and refreshed behind, by one and not by all. */
class StaleAnswersTest {
    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    @Test
    void aStaleEntryIsServedAtOnceAndRefreshedBehind() {
        var clock = new Fleet.Clock();
        var one = fleet.instance(clock);
        var brief = Fleet.policy(Duration.ofMillis(40), Duration.ofMinutes(5));
        get(one, brief, giving("first"));
        await().pollDelay(Duration.ofMillis(60)).until(() -> true);
        Served served = get(one, brief, giving("second"));
        assertThat(served.how()).isEqualTo(How.LOCAL_STALE);
        assertThat(text(served)).isEqualTo("first");
        await().untilAsserted(
                        () -> assertThat(text(get(one, brief, giving("third")))).isNotEqualTo("first"));
    }

    @Test
    void aRefreshThatFailsIsNotTriedAgainByEveryStaleAnswer() {
        var one = fleet.instance();
        var brief = Fleet.policy(Duration.ofMillis(1), Duration.ofMinutes(5));
        get(one, brief, giving("there"));
        long began = System.nanoTime();
        int stale = 0;
        while (System.nanoTime() - began < Duration.ofMillis(400).toNanos()) {
            stale += get(one, brief, () -> {
                                        throw new IllegalStateException("the database is gone");
                                    })
                                    .how()
                            == How.LOCAL_STALE
                    ? 1
                    : 0;
        }
        assertThat(stale).isGreaterThan(100);
        assertThat(Fleet.counts(one).failures().sum()).isBetween(1L, 2L);
    }

    @Test
    void aRefreshThatAnotherInstanceDoesIsAskedForNowAndThenNotByEveryStaleAnswer() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        var brief = Fleet.policy(Duration.ofMillis(1), Duration.ofMinutes(5));
        get(one, brief, giving("there"));
        get(two, brief, giving("there"));
        var slow = new Slow("new");
        await().pollDelay(Duration.ofMillis(5)).until(() -> true);
        get(one, brief, slow);
        slow.awaitBegun();
        try (var keys = KeysInRedis.at(redis.url())) {
            long asked = keys.calls("evalsha");
            long began = System.nanoTime();
            while (System.nanoTime() - began < Duration.ofMillis(400).toNanos()) {
                assertThat(text(get(two, brief, giving("not by this one")))).isEqualTo("there");
            }
            assertThat(keys.calls("evalsha") - asked).isLessThan(25);
        }
        slow.end();
        await().untilAsserted(
                        () -> assertThat(text(get(two, brief, giving("newer")))).isNotEqualTo("there"));
    }
}
