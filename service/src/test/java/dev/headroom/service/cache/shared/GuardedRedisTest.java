package dev.headroom.service.cache.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.ResultCache;
import dev.headroom.service.cache.redis.RedisConnections;
import dev.headroom.service.cache.redis.RedisSettings;
import dev.headroom.service.cache.redis.RedisSettingsTest;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What is made of Redis' ends, without a Redis: what it is asked for here asks nothing of it. */
class GuardedRedisTest {
    private static final RedisSettings SETTINGS = RedisSettingsTest.of("redis.url", "redis://ann:s3cret@127.0.0.1:1");

    private final AtomicLong nanos = new AtomicLong();
    private final LongAdder errors = new LongAdder();
    private final GuardedRedis guarded = new GuardedRedis(Duration.ofMillis(25), errors, nanos::get);
    private final UnifiedJedis nowhere = RedisConnections.open(SETTINGS);
    private final LoggedLines logged = LoggedLines.of(ResultCache.class.getPackage());

    @BeforeEach
    void begin() {
        guarded.begin(nowhere, SharedKeys.of("test"), SETTINGS);
    }

    @AfterEach
    void end() {
        logged.close();
        nowhere.close();
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void answers() {
        assertThat(guarded.<Boolean>ask(false, to -> true)).isTrue();
    }

    private void fails(RuntimeException with) {
        assertThat(guarded.<Boolean>ask(false, to -> {
                    throw with;
                }))
                .isFalse();
    }

    private void outage() {
        for (int i = 0; i < 3; i++) {
            fails(new JedisConnectionException("Read timed out"));
        }
        assertThat(guarded.available()).isFalse();
    }

    @Test
    void anOutageThatComesAndGoesIsSaidAFewTimesAndThenOnceAMinute() {
        for (int second = 0; second < 120; second++) {
            outage();
            passes(Duration.ofSeconds(1));
            answers();
        }
        assertThat(logged.warnings()).hasSize(4);
        assertThat(logged.lines()).hasSize(8);
    }

    @Test
    void aHostThatNobodyKnowsIsCalledThat() {
        for (int i = 0; i < 3; i++) {
            fails(new JedisConnectionException("Failed to connect.", new UnknownHostException("no-such-host")));
        }
        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .containsOnlyOnce("127.0.0.1:1")
                .contains("its name does not resolve")
                .doesNotContain("Exception", "Failed to connect");
    }

    @Test
    void itIsSaidWhichRedisIsMeantAndNeverItsPassword() {
        fails(new JedisException("no connection", new NoSuchElementException()));
        passes(Duration.ofMinutes(2));
        fails(new JedisDataException("OOM command not allowed"));
        outage();
        passes(Duration.ofSeconds(1));
        answers();
        assertThat(logged.lines())
                .hasSize(4)
                .allMatch(line -> line.contains("127.0.0.1:1"))
                .noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void whatNobodyThoughtOfIsNoAnswerAndNoOutage() {
        for (int i = 0; i < 10; i++) {
            fails(new IllegalStateException("of the client library"));
        }
        assertThat(guarded.available()).isTrue();
        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .contains("an unexpected IllegalStateException")
                .doesNotContain("of the client library");
    }

    @Test
    void whatFailsBecauseTheServiceStopsIsNoOutageAndNotSaid() {
        for (int i = 0; i < 5; i++) {
            guarded.begin(nowhere, SharedKeys.of("test"), SETTINGS);
            assertThat(guarded.<Boolean>ask(false, to -> {
                        guarded.end();
                        throw new JedisException("Could not get a resource from the pool", new IllegalStateException());
                    }))
                    .isFalse();
            guarded.begin(nowhere, SharedKeys.of("test"), SETTINGS);
            assertThat(guarded.<Boolean>ask(false, to -> {
                        guarded.end();
                        throw new JedisConnectionException("Socket closed");
                    }))
                    .isFalse();
        }
        fails(new JedisConnectionException("not asked any more"));
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void anOutageThatLastsIsSaidHoweverSoonAfterAnotherItBegan() {
        for (int i = 0; i < 3; i++) {
            outage();
            passes(Duration.ofSeconds(1));
            answers();
        }
        outage();
        assertThat(logged.warnings()).hasSize(3);
        for (int i = 0; i < 20; i++) {
            passes(Duration.ofSeconds(10));
            fails(new JedisConnectionException("Read timed out"));
        }
        assertThat(logged.warnings()).hasSize(4);
    }

    @Test
    void aProbeThatFoundNoConnectionFreeIsTriedAgainAsSoonAsTheFirst() {
        outage();
        passes(Duration.ofMillis(500));
        fails(new JedisException("no connection", new NoSuchElementException()));
        passes(Duration.ofMillis(500));
        answers();
        assertThat(guarded.available()).isTrue();
    }

    @Test
    void waitingForOurOwnConnectionsIsNoSlowRedis() throws InterruptedException {
        try (RedisServer redis = TestRedis.server();
                UnifiedJedis one = RedisConnections.open(oneConnection(redis))) {
            var shared = new GuardedRedis(Duration.ofMillis(250), new LongAdder(), System::nanoTime);
            shared.begin(one, SharedKeys.of("test"), oneConnection(redis));
            var held = new CountDownLatch(1);
            var slow = Thread.ofPlatform()
                    .start(() -> shared.<Boolean>ask(false, to -> {
                        try (var _ = to.redis().pipelined()) { // holds the connection
                            held.countDown();
                            TimeUnit.MILLISECONDS.sleep(500); // what a slow answer would take
                            return true;
                        } catch (InterruptedException stopping) {
                            throw new IllegalStateException(stopping);
                        }
                    }));
            held.await();
            var waiting = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> shared.ask("", to -> to.redis().ping()), Thread::startVirtualThread))
                    .limit(40)
                    .toList();

            assertThat(waiting).allSatisfy(each -> assertThat(each.join()).isEqualTo("PONG"));

            slow.join();
            assertThat(shared.available()).isTrue();
        }
    }

    private static RedisSettings oneConnection(RedisServer redis) {
        return oneConnection(redis.url(), "5s");
    }

    private static RedisSettings oneConnection(String url, String acquireTimeout) {
        return RedisSettingsTest.of(
                "redis.url",
                url,
                "redis.pool-size",
                "1",
                "redis.acquire-timeout",
                acquireTimeout,
                "redis.read-timeout",
                "5s");
    }

    /** A step that holds a connection until it is let go. */
    private final class Holding implements AutoCloseable {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CompletableFuture<Void> let = new CompletableFuture<>();
        private final CompletableFuture<Boolean> step;

        /** @param end how the step ends */
        private Holding(Runnable end) throws InterruptedException {
            step = CompletableFuture.supplyAsync(
                    () -> guarded.<Boolean>ask(false, to -> {
                        begun.countDown();
                        let.join();
                        end.run();
                        return true;
                    }),
                    Thread::startVirtualThread);
            begun.await();
        }

        private void end() {
            let.complete(null);
            step.join();
        }

        @Override
        public void close() {
            end();
        }
    }

    private void oneConnection(String acquireTimeout) {
        guarded.begin(nowhere, SharedKeys.of("test"), oneConnection("redis://127.0.0.1:1", acquireTimeout));
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void poolOfOneThatStaysTakenIsCalledTooSmall() throws Exception {
        oneConnection("50ms");
        try (var _ = new Holding(() -> {})) {
            fails(new IllegalStateException("not asked"));
        }

        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .contains("no connection to Redis was free within redis.acquire-timeout; raise redis.pool-size");
        assertThat(errors.sum()).isEqualTo(1);
    }

    @Test
    void interruptedWaitSaysNothingOfThePool() throws Exception {
        oneConnection("5s");
        var interrupted = new AtomicBoolean();
        try (var _ = new Holding(() -> {})) {
            Thread waiting = Thread.ofPlatform().start(() -> {
                answersNothing();
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            awaitWaiting(waiting);

            waiting.interrupt();

            waiting.join();
        }
        assertThat(interrupted).isTrue();
        assertThat(errors.sum()).isZero();
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void waitThatEndsAfterTheServiceStoppedSaysNothing() throws Exception {
        oneConnection("200ms");
        try (var _ = new Holding(() -> {})) {
            Thread waiting = Thread.ofPlatform().start(this::answersNothing);
            awaitWaiting(waiting);

            guarded.end();

            waiting.join();
        }
        assertThat(errors.sum()).isZero();
        assertThat(logged.lines()).isEmpty();
    }

    private void answersNothing() {
        boolean _ = guarded.<Boolean>ask(false, to -> {
            throw new IllegalStateException("not asked");
        });
    }

    @Test
    void whoQueuedWhileTheCircuitOpenedDoesNotCallRedis() throws Exception {
        oneConnection("5s");
        var called = new AtomicInteger();
        fails(new JedisConnectionException("Read timed out"));
        fails(new JedisConnectionException("Read timed out"));
        List<Thread> waiting;
        try (var _ = new Holding(() -> {
            throw new JedisConnectionException("Read timed out");
        })) {
            waiting = Stream.generate(() ->
                            Thread.ofPlatform().start(() -> guarded.<Integer>ask(0, to -> called.incrementAndGet())))
                    .limit(3)
                    .toList();
            waiting.forEach(GuardedRedisTest::awaitWaiting);
        }
        for (Thread each : waiting) {
            each.join();
        }

        assertThat(guarded.available()).isFalse();
        assertThat(called).hasValue(0);
    }

    @Test
    void callOfBeforeTheOutageDoesNotSpoilTheProbe() throws Exception {
        try (var before = new Holding(() -> {
            throw new JedisException("no connection", new NoSuchElementException());
        })) {
            outage();
            passes(Duration.ofMillis(500));

            guarded.<Boolean>ask(false, probe -> {
                before.end();
                return true;
            });

            assertThat(guarded.available()).isTrue();
        }
    }

    @Test
    void whatRefusesEverythingIsNotAvailableThoughItAnswersAndAFullOneIs() {
        for (String why : List.of(
                "READONLY You can't write against a read only replica.",
                "LOADING Redis is loading the dataset in memory",
                "MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.",
                "NOPERM this user has no permissions to run the 'evalsha' command",
                "ERR Error running script (call to f_1): @user_script:13: @user_script: 13: -READONLY You can't write",
                "NOREPLICAS Not enough good replicas to write.")) {
            answers();
            assertThat(guarded.available()).as(why).isTrue();
            fails(new JedisDataException(why));
            assertThat(guarded.available()).as(why).isFalse();
            answers(); // a plain read, which passes all the while
            assertThat(guarded.available()).as(why).isFalse();
            passes(Duration.ofSeconds(3));
            assertThat(guarded.available()).as("nobody has asked since: " + why).isFalse();
            answers();
        }
        for (String why : List.of(
                "OOM command not allowed when used memory > 'maxmemory'.",
                "WRONGTYPE Operation against a key holding the wrong kind of value")) {
            fails(new JedisDataException(why));
            assertThat(guarded.available()).as(why).isTrue();
        }
    }
}
