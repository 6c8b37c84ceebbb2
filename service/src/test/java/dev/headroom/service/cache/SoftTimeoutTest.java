package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where there is an answer from before, nobody waits for a slow computation longer than the policy's soft time-out. */
class SoftTimeoutTest {
    private static final Duration SOFT = Duration.ofMillis(200);
    private static final CachePolicy POLICY = Fleet.policy(Duration.ofSeconds(30), Duration.ofSeconds(60), SOFT);

    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    private static CompletableFuture<Served> ask(Caching instance, Computation computation) {
        return CompletableFuture.supplyAsync(() -> get(instance, POLICY, computation), Thread::startVirtualThread);
    }

    @Test
    void olderAnswerIsServedWhileTheComputationGoesOnAndIsKept() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one);
        var slow = new Slow("new");

        Served served = get(one, POLICY, slow);

        assertThat(text(served)).isEqualTo("old");
        assertThat(served.how()).isEqualTo(How.LOCAL_SLOW);
        slow.end();
        await().untilAsserted(() ->
                assertThat(get(one, POLICY, giving("never asked")).how()).isEqualTo(How.LOCAL_HIT));
        assertThat(text(get(one, POLICY, giving("never asked")))).isEqualTo("new");
        assertThat(Fleet.counts(one).computations().sum()).isEqualTo(2);
    }

    @Test
    void whileOneIsLateRequestsNeitherWaitNorComputeWhateverChanges() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one);
        var slow = new Slow("new");
        get(one, POLICY, slow);

        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            fleet.change(one);
            assertThat(get(one, POLICY, giving("not by this one")).how()).isEqualTo(How.LOCAL_SLOW);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOFT.multipliedBy(20));
        assertThat(Fleet.counts(one).computations().sum()).isEqualTo(2);
        slow.end();
        await().untilAsserted(() ->
                assertThat(text(get(one, POLICY, giving("newer")))).isEqualTo("newer"));
    }

    @Test
    void olderAnswerThatOnlyRedisHasIsServedAndThenKeptHere() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        var slow = new Slow("new");

        Served served = get(two, POLICY, slow);

        assertThat(text(served)).isEqualTo("old");
        assertThat(served.how()).isEqualTo(How.SHARED_SLOW);
        assertThat(get(two, POLICY, slow).how()).isEqualTo(How.LOCAL_SLOW);
        slow.end();
    }

    @Test
    void answerThatIsReadyMeanwhileIsNotCalledOlder() throws InterruptedException {
        var patient = Fleet.policy(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2));
        var one = fleet.with("redis.read-timeout", "5s").instance();
        get(one, patient, giving("old"));
        fleet.change(one);
        await().until(one::isSettled);
        var slow = new Slow("new");
        var asked = CompletableFuture.supplyAsync(() -> get(one, patient, slow), Thread::startVirtualThread);
        slow.awaitBegun();

        redis.suspend(); // the answer is kept here at once, and its flight ends when Redis has answered
        try {
            slow.end();

            assertThat(text(asked.join())).isEqualTo("new");
            assertThat(asked.join().how()).isEqualTo(How.LOCAL_HIT);

            fleet.change(one); // nothing is being computed any more, so the next request computes
            assertThat(text(get(one, patient, giving("newer")))).isEqualTo("newer");
        } finally {
            redis.resume();
        }
    }

    @Test
    void answerThatIsReadyMeanwhileIsNotWaitedForWhereThereIsNoOlder() throws Exception {
        var patient = Fleet.policy(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2));
        var one = fleet.with("redis.read-timeout", "5s")
                .with("cache.changes", "false") // no heartbeats among the commands
                .instance();
        var slow = new Slow("new");
        var leader = ask(one, slow);
        slow.awaitBegun();
        long looked = commands("evalsha");
        var first = waiting(one, () -> commands("evalsha") > looked); // Redis has nothing older
        var second = waiting(one, patient, () -> true);

        redis.suspend();
        try {
            slow.end();

            assertThat(second.get(4, TimeUnit.SECONDS).how()).isEqualTo(How.LOCAL_HIT);
            assertThat(leader).isNotDone();
        } finally {
            redis.resume();
        }
        assertThat(text(first.join())).isEqualTo("new");
    }

    @Test
    void redisIsAskedForAnOlderAnswerOncePerComputation() throws Exception {
        var one = fleet.with("cache.changes", "false").instance(); // no heartbeats among the commands
        var slow = new Slow("new");
        var first = ask(one, slow);
        slow.awaitBegun();
        long looked = commands("evalsha");
        var later = new ArrayList<>(List.of(waiting(one, () -> commands("evalsha") > looked)));
        long asked = commands("evalsha");

        for (int i = 0; i < 20; i++) {
            later.add(waiting(one, () -> true));
        }

        slow.end();
        assertThat(later).allSatisfy(each -> assertThat(text(each.join())).isEqualTo("new"));
        assertThat(text(first.join())).isEqualTo("new");
        assertThat(commands("evalsha") - asked).as("its writing").isLessThanOrEqualTo(2);
    }

    @Test
    void redisIsAskedOncePerComputationAfterAChangeAsWell() throws Exception {
        var one = fleet.with("cache.changes", "false").instance(); // no heartbeats among the commands
        var before = new Slow("before the change");
        var _ = ask(one, before);
        before.awaitBegun();
        long looked = commands("evalsha");
        var early = waiting(one, () -> commands("evalsha") > looked);
        fleet.change(one);
        await().until(one::isSettled);
        var after = new Slow("after the change");
        var _ = ask(one, after);
        after.awaitBegun();
        long lookedAgain = commands("evalsha");
        var late = new ArrayList<>(List.of(waiting(one, () -> commands("evalsha") > lookedAgain)));
        long asked = commands("evalsha");

        for (int i = 0; i < 20; i++) {
            late.add(waiting(one, () -> true));
        }

        after.end();
        assertThat(late).allSatisfy(each -> assertThat(text(each.join())).isEqualTo("after the change"));
        assertThat(commands("evalsha") - asked).as("its writing").isLessThanOrEqualTo(2);
        before.end();
        early.join();
    }

    /** A request that waits for another one's computation, once that is so. */
    private CompletableFuture<Served> waiting(Caching instance, Callable<Boolean> before) {
        return waiting(instance, POLICY, before);
    }

    private CompletableFuture<Served> waiting(Caching instance, CachePolicy policy, Callable<Boolean> before) {
        var served = new CompletableFuture<Served>();
        Thread asking = Thread.ofPlatform().start(() -> served.complete(get(instance, policy, giving("never asked"))));
        await().until(before);
        await().until(() -> asking.getState() == Thread.State.TIMED_WAITING);
        return served;
    }

    private long commands(String name) {
        try (var keys = KeysInRedis.at(redis.url())) {
            return keys.calls(name);
        }
    }

    @Test
    void whereThereIsNoneTheAnswerIsWaitedFor() throws Exception {
        var one = fleet.instance();
        var slow = new Slow("new");
        var asked = ask(one, slow);
        slow.awaitBegun();

        await().pollDelay(SOFT.plus(SOFT)).until(() -> !asked.isDone());

        slow.end();
        assertThat(asked.join().how()).isEqualTo(How.MISS);
        assertThat(text(asked.join())).isEqualTo("new");
    }

    @Test
    void whoWaitsForAnotherInstanceGetsTheOlderAnswerToo() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        get(two, POLICY, giving("never asked"));
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        var slow = new Slow("new");
        var _ = ask(one, slow);
        slow.awaitBegun();

        Served served = get(two, POLICY, giving("not by this one"));

        assertThat(text(served)).isEqualTo("old");
        assertThat(served.how()).isEqualTo(How.LOCAL_SLOW);
        slow.end();
        await().untilAsserted(() ->
                assertThat(text(get(two, POLICY, giving("nor later")))).isEqualTo("new"));
    }

    @Test
    void manyAtOnceAreOneComputation() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one);
        var slow = new Slow("new");

        var asked = Stream.generate(() -> ask(one, slow)).limit(200).toList();

        assertThat(asked).allSatisfy(each -> assertThat(each.join().how()).isEqualTo(How.LOCAL_SLOW));
        assertThat(Fleet.counts(one).computations().sum()).isEqualTo(2);
        slow.end();
    }

    @Test
    void whatFailsInTimeIsAnsweredAsAFailure() {
        var one = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one);

        Served served = get(one, POLICY, () -> {
            throw new IllegalStateException("the database is gone");
        });

        assertThat(served.how()).isEqualTo(How.LOCAL_FAILED);
    }

    @Test
    void failureWithTheOlderAnswerInRedisAloneSaysSo() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("old"));
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());

        Served served = get(two, POLICY, () -> {
            throw new IllegalStateException("the database is gone");
        });

        assertThat(text(served)).isEqualTo("old");
        assertThat(served.how()).isEqualTo(How.SHARED_FAILED);
    }
}
