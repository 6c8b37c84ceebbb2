package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Race 6 of docs/decisions/0090: something may have passed unheard. */
class CoverageTest {
    private static final Duration SOON = Duration.ofMillis(1500);

    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis).with("cache.blind-fresh", "300ms");
    private final KeysInRedis keys = KeysInRedis.at(redis.url());

    @AfterEach
    void stop() {
        keys.close();
        fleet.close();
        redis.close();
    }

    /** One that listens, and is covered because nobody else has a say. */
    private Caching listening() {
        var instance = fleet.deaf(new Fleet.Clock());
        instance.hearing().listening();
        await().until(() -> instance.hearing().isCovered());
        return instance;
    }

    private static void passes(Duration time) {
        await().pollDelay(time).until(() -> true);
    }

    @Test
    void whileBlindNothingIsTrustedForLongerThanTheBlindTime() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        one.hearing().lost();
        // The commit whose notice is lost.
        passes(Duration.ofMillis(350));
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
        assertThat(get(one, POLICY, giving("newer")).how()).isEqualTo(How.LOCAL_HIT);
        passes(Duration.ofMillis(350));
        assertThat(text(get(one, POLICY, giving("newer")))).isEqualTo("newer");
    }

    @Test
    void whileTheServerIsSilentNothingIsTrustedForLongerThanTheBlindTime() {
        try (var alone = new Fleet().with("cache.blind-fresh", "300ms")) { // Redis has a clock of its own
            var clock = Fleet.Clock.standing();
            var one = alone.deaf(clock);
            one.hearing().listening();
            assertThat(one.hearing().hearsChanges()).isTrue();
            get(one, POLICY, giving("old"));
            clock.forward(Duration.ofMillis(890)); // the last heartbeat is as long ago, and believed
            assertThat(get(one, POLICY, giving("new")).how()).isEqualTo(How.LOCAL_HIT);
            assertThat(one.hearing().hearsChanges()).isTrue();

            clock.forward(Duration.ofMillis(20));
            assertThat(one.hearing().hearsChanges()).isFalse();
            assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
            assertThat(get(one, POLICY, giving("newer")).how()).isEqualTo(How.LOCAL_HIT);
            clock.forward(Duration.ofMillis(310));
            assertThat(text(get(one, POLICY, giving("newer")))).isEqualTo("newer");

            one.hearing().heardAll(Duration.ZERO); // it was slow, and has told everything
            clock.forward(Duration.ofMillis(800));
            assertThat(get(one, POLICY, giving("newest")).how()).isEqualTo(How.LOCAL_HIT);
            assertThat(one.hearing().hearsChanges()).isTrue();
        }
    }

    @Test
    void whileBlindAnOldEntryInRedisIsNotWaitedFor() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        passes(Duration.ofMillis(350));
        var blind = fleet.deaf(new Fleet.Clock());
        long asked = System.nanoTime();
        assertThat(text(get(blind, POLICY, giving("new")))).isEqualTo("new");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SOON);
        assertThat(text(get(fleet.deaf(new Fleet.Clock()), POLICY, giving("newer"))))
                .isEqualTo("new"); // blind ones share as well, for as long as they may
    }

    @Test
    void whoComesAloneCountsEverythingOnceMore() {
        var one = listening();
        get(one, POLICY, giving("old"));
        one.close();
        keys.jedis().del(keys.signOfLife());
        var two = listening();
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void whoComesToOthersThatHeardEverythingKeepsWhatTheyHave() {
        var one = listening();
        get(one, POLICY, giving("kept"));
        var two = fleet.deaf(Fleet.Clock.standing()); // for which no time is up, however long one's sign takes
        two.hearing().listening();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            one.hearing().heardAll(Duration.ZERO);
            return two.hearing().isCovered();
        });
        two.hearing().heardAll(Duration.ZERO);
        assertThat(text(get(two, POLICY, giving("never asked")))).isEqualTo("kept");
    }

    @Test
    void whoDidNotHearSinceIsNotTakenForAWitness() {
        var one = listening();
        get(one, POLICY, giving("old"));
        // The change passes before two listens, and one's connection is stuck: it pings, and hears nothing.
        var two = fleet.deaf(new Fleet.Clock());
        two.hearing().listening();
        await().until(() -> two.hearing().isCovered());
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
    }

    @Test
    void whoCouldNotHaveItsNewsCountedIsNotTakenForAWitness() {
        var one = listening();
        get(one, POLICY, giving("old"));
        keys.refuseToCount();
        fleet.change(one); // the change that two will have missed
        keys.jedis().del(keys.signOfLife());
        one.hearing().heardAll(Duration.ZERO);
        one.hearing().tick();
        assertThat(keys.jedis().exists(keys.signOfLife())).isFalse();
        keys.countAgain();
        one.hearing().tick();
        assertThat(keys.jedis().exists(keys.signOfLife())).isTrue();
        // A database that was dropped would otherwise stay in Redis for ever.
        assertThat(keys.jedis().keys("*"))
                .contains(keys.generations())
                .allMatch(key -> keys.jedis().pttl(key) > 0);
    }

    @Test
    void whatCannotBeCountedWhenComingBackKeepsRedisUnasked() {
        var one = listening();
        get(one, POLICY, giving("old"));
        keys.jedis().del(keys.signOfLife());
        one.close();
        keys.refuseToCount();
        var two = listening();
        assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new");
        keys.countAgain();
        await().untilAsserted(() -> assertThat(two.isSettled()).isTrue());
        var three = fleet.instance();
        assertThat(text(get(three, POLICY, giving("newest")))).isEqualTo("newest");
    }

    @Test
    void aSignThatAFrozenRedisHeldBackSaysNoMoreThanWhenItWasGiven() {
        var one = listening();
        await().until(() -> keys.jedis().exists(keys.signOfLife()));
        long before = heardUntil();
        redis.suspend();
        passes(Duration.ofSeconds(1)); // within which the next one is sent
        one.close();
        passes(Duration.ofSeconds(1));
        redis.resume();
        long signs = keys.jedis().pttl(keys.signOfLife());
        assertThat(signs).isGreaterThan(9_000); // that one was read now
        assertThat(heardUntil() - before).isLessThan(200);
    }

    private long heardUntil() {
        return Long.parseLong(keys.jedis().get(keys.signOfLife()).replaceFirst(".*:", ""));
    }

    @Test
    void whoHearsOfChangesDoesNotWaitForASlowRedis() {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet()
                        .with("redis.url", "redis://127.0.0.1:" + proxy.port())
                        .with("redis.read-timeout", "5s")) {
            var one = slow.deaf(new Fleet.Clock());
            one.hearing().listening();
            await().until(() -> one.hearing().isCovered() && one.isSettled());
            long errors = one.metrics().sharedErrors().sum();
            proxy.delayAnswers(Duration.ofMinutes(1));
            long left = keys.jedis().pttl(keys.signOfLife());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> keys.jedis().pttl(keys.signOfLife()) > left); // the next one is under way

            one.hearing().heardAll(Duration.ZERO);
            one.hearing().lost();
            assertThat(one.hearing().isCovered()).isFalse();
            one.hearing().listening();
            one.hearing().heardAll(Duration.ZERO);

            assertThat(one.metrics().sharedErrors().sum())
                    .as("Redis has neither answered nor been given up")
                    .isEqualTo(errors);
        }
    }

    @Test
    void aConnectionThatIsLostWhileOthersAreAskedForTheirSignDoesNotCover() {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet().with("redis.url", "redis://127.0.0.1:" + proxy.port())) {
            var one = slow.deaf(new Fleet.Clock());
            get(one, POLICY, giving("something"));
            assertThat(proxy.connections()).isPositive();
            List<Boolean> covered = new CopyOnWriteArrayList<>();
            one.hearing().onChange(tables -> covered.add(one.hearing().isCovered()));
            proxy.delayAnswers(Duration.ofMillis(300));
            for (int i = 0; i < 4; i++) {
                one.hearing().listening();
                passes(Duration.ofMillis(200)); // the answer to the first question is under way
                one.hearing().lost();
                assertThat(one.hearing().isCovered()).isFalse();
            }
            proxy.delayAnswers(Duration.ZERO);
            passes(SOON);
            assertThat(one.hearing().isCovered()).isFalse();
            assertThat(covered).isEmpty();
            one.hearing().listening();
            await().until(() -> one.hearing().isCovered());
        }
    }
}
