package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lease is its look-up's alone, and nobody waits for one behind which nobody computes. */
class LeasesTest {
    /** Of the waits for a lease, which these tests must not need: five seconds, and the ten for which a lease stands. */
    private static final Duration SOON = Duration.ofMillis(2500);

    private static final Duration LATE = Duration.ofSeconds(4);

    private final RedisServer redis = TestRedis.server();
    private final TcpProxy proxy = TcpProxy.plain(redis.host(), redis.port());
    private final Fleet fleet = new Fleet(redis).with("cache.lease-time", "10s");
    private final Fleet far = new Fleet()
            .with("redis.url", "redis://127.0.0.1:" + proxy.port())
            .with("cache.lease-time", "10s")
            .with("redis.acquire-timeout", "100ms")
            .with("redis.connect-timeout", "100ms")
            .with("redis.read-timeout", "600ms");
    private final KeysInRedis keys = KeysInRedis.at(redis.url());
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void knowTheScripts() {
        Fleet.ask(fleet.instance(), 0);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        keys.close();
        far.close();
        fleet.close();
        proxy.close();
        redis.close();
    }

    private void awaitOneMore(String command, long than) {
        await().pollInterval(Duration.ofMillis(2)).until(() -> keys.calls(command) > than);
    }

    /** A look-up is under way of which the first question was answered, and the one for the lease is about to be asked. */
    private Future<Served> aboutToLease(Caching instance) {
        Fleet.ask(instance, 1); // so that it has a connection, and knows Redis' clock
        await().until(instance::isSettled);
        proxy.delayAnswers(Duration.ofMillis(300));
        long asked = keys.calls("time");
        var served = clients.submit(() -> get(instance, POLICY, giving("by itself")));
        awaitOneMore("time", asked);
        return served;
    }

    private void assertServedSoon(Caching instance, String body) {
        long asked = System.nanoTime();
        assertThat(text(get(instance, POLICY, giving(body)))).isEqualTo(body);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SOON);
    }

    @Test
    void whereTheAnswerCameTooLateTheLeaseIsGivenBack() throws Exception {
        var served = aboutToLease(far.instance());
        proxy.delayAnswers(LATE);
        assertThat(text(served.get())).isEqualTo("by itself");
        assertThat(keys.jedis().exists(keys.lease())).isTrue();
        proxy.delayAnswers(Duration.ZERO);
        assertServedSoon(fleet.instance(), "by another");
    }

    @Test
    void aQuestionThatLayAboutInAFrozenRedisGetsNone() throws Exception {
        var one = far.instance();
        var served = aboutToLease(one);
        long executed = keys.calls("time"); // which the script does as well
        redis.suspend();
        assertThat(text(served.get())).isEqualTo("by itself");
        one.close(); // there is nobody who would give it back
        await().pollDelay(Duration.ofMillis(2500)).until(() -> true); // far longer than anybody waits for an answer
        redis.resume();
        awaitOneMore("time", executed);
        assertThat(keys.jedis().exists(keys.lease())).isFalse();
    }

    @Test
    void whereTheEntryCouldNotBeWrittenTheLeaseIsGivenBackAsSoonAsRedisIsThere() throws Exception {
        var one = far.instance();
        var served = Slow.request(one, "by itself");
        assertThat(keys.jedis().exists(keys.lease())).isTrue();
        keys.acl("default", "-evalsha", "-eval");
        assertThat(served.end()).isEqualTo("by itself");
        keys.acl("default", "+@all");
        assertServedSoon(fleet.instance(), "by another");
    }

    @Test
    void twoFlightsOfOneInstanceAreOneComputation() throws Exception {
        var one = fleet.instance();
        var first = Slow.request(one, "first");
        one.cover(); // so that the next one is another flight, although Redis knows of no change
        var second = clients.submit(() -> get(one, POLICY, giving("second")));
        await().until(() -> one.metrics().of("tasks.list").leaseWaits().sum() > 0);
        assertThat(first.end()).isEqualTo("first");
        assertThat(text(second.get())).isEqualTo("first");
        assertThat(second.get().how()).isEqualTo(How.SHARED_HIT);
    }

    @Test
    void aComputationThatFailsDoesNotGiveBackTheLeaseOfAnotherOneOfItsInstance() throws Exception {
        var one = fleet.instance();
        var first = Slow.request(one, "first");
        assertThatThrownBy(() -> Fleet.renew(one, POLICY, () -> {
                    throw new IllegalStateException("not this one");
                }))
                .hasMessage("not this one");
        assertThat(keys.jedis().exists(keys.lease())).isTrue();
        assertThat(first.end()).isEqualTo("first");
    }

    @Test
    void nobodyWaitsForAnAnswerThatIsKnownToBeTooLargeToBeKept() throws Exception {
        fleet.with("cache.largest-entry", "1KB");
        var one = fleet.instance();
        var two = fleet.instance();
        String large = "x".repeat(5000);
        assertThat(text(get(two, POLICY, giving(large)))).isEqualTo(large);
        var slow = Slow.request(one, large);
        assertServedSoon(two, large);
        assertThat(slow.end()).isEqualTo(large);
    }

    @Test
    void nobodyWaitsForWhatHeWouldNotTrust() throws Exception {
        fleet.with("cache.blind-fresh", "0s");
        var one = fleet.deaf(new Fleet.Clock());
        var slow = Slow.request(one, "slow");
        assertServedSoon(fleet.deaf(new Fleet.Clock()), "by another");
        assertThat(slow.end()).isEqualTo("slow");
    }

    @Test
    void whateverEndsAComputationGivesItsLeaseBack() {
        assertThatThrownBy(() -> get(fleet.instance(), POLICY, () -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertServedSoon(fleet.instance(), "by another");
    }
}
