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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is plainly fresh in Redis is read with plain commands, many answers in one message. */
class QuickLookTest {
    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);
    private final KeysInRedis keys = KeysInRedis.at(redis.url());

    @AfterEach
    void stop() {
        keys.close();
        fleet.close();
        redis.close();
    }

    @Test
    void aFreshEntryNeedsNoScript() {
        get(fleet.instance(), POLICY, giving("answer"));
        var another = fleet.instance();
        await().until(another::isSettled);
        long scripts = keys.calls("evalsha");
        Served hit = get(another, POLICY, giving("never asked"));
        assertThat(hit.how()).isEqualTo(How.SHARED_HIT);
        assertThat(text(hit)).isEqualTo("answer");
        assertThat(keys.calls("evalsha")).isEqualTo(scripts);
    }

    @Test
    void answersWantedAtTheSameMomentComeInFewerMessages() throws Exception {
        var writer = fleet.instance();
        int answers = 400;
        IntStream.range(0, answers).forEach(number -> Fleet.ask(writer, number));
        var reader = fleet.instance();
        await().until(reader::isSettled);
        assertThat(Fleet.ask(reader, 0).how()).isEqualTo(How.SHARED_HIT); // so that it is known to be small
        long messages = keys.calls("time");
        List<Future<Served>> asked = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 1; number < answers; number++) {
                int wanted = number;
                asked.add(clients.submit(() -> Fleet.ask(reader, wanted)));
            }
        }
        for (int number = 1; number < answers; number++) {
            assertThat(asked.get(number - 1).get().how()).isEqualTo(How.SHARED_HIT);
            assertThat(text(asked.get(number - 1).get())).isEqualTo("row " + number);
        }
        assertThat(keys.calls("time") - messages).isLessThan(answers / 2);
    }

    @Test
    void largeAnswersShareNoMessage_soThatNobodyWaitsForThoseOfOthers() throws Exception {
        var writer = fleet.instance();
        int answers = 100;
        IntStream.range(0, answers).forEach(number -> Fleet.ask(writer, number, giving(large(number))));
        var reader = fleet.instance();
        await().until(reader::isSettled);
        assertThat(text(Fleet.ask(reader, 0))).isEqualTo(large(0));
        long messages = keys.calls("time");
        List<Future<Served>> asked = new ArrayList<>();
        try (var clients = Executors.newFixedThreadPool(4)) {
            for (int number = 1; number < answers; number++) {
                int wanted = number;
                asked.add(clients.submit(() -> Fleet.ask(reader, wanted)));
            }
        }
        for (int number = 1; number < answers; number++) {
            assertThat(asked.get(number - 1).get().how()).isEqualTo(How.SHARED_HIT);
            assertThat(text(asked.get(number - 1).get())).isEqualTo(large(number));
        }
        assertThat(keys.calls("time") - messages).isGreaterThanOrEqualTo(answers - 1);
    }

    private static String large(int number) {
        return "row " + number + " ".repeat(40_000);
    }

    @Test
    void anAnswerThatAChangeOvertookOnItsWayIsNotTakenForAnOlderDump() throws Exception {
        try (var proxy = TcpProxy.plain(redis.host(), redis.port());
                var slow = new Fleet().with("redis.url", "redis://127.0.0.1:" + proxy.port());
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = slow.instance();
            get(one, POLICY, giving("first"));
            keys.jedis().hset(keys.generations(), "s.other", "17");
            slow.change(one);
            await().until(one::isSettled);
            long scripts = keys.calls("evalsha");
            proxy.delayAnswers(Duration.ofMillis(500));
            var asked = clients.submit(() -> get(one, POLICY, giving("second")));
            await().until(() -> keys.calls("evalsha") > scripts);
            proxy.delayAnswers(Duration.ZERO);
            slow.change(one);
            await().until(one::isSettled);
            assertThat(text(asked.get())).isEqualTo("second");
            assertThat(keys.allGenerations()).containsEntry("s.other", "17");
        }
    }

    @Test
    void anEntryThatIsDueIsLeftToTheScriptWhichGivesItsLease() {
        var brief = Fleet.policy(Duration.ofMillis(1), Duration.ofMinutes(1));
        get(fleet.instance(), brief, giving("old"));
        var another = fleet.instance();
        await().until(another::isSettled);
        Served stale =
                await().until(() -> get(another, brief, giving("new")), served -> served.how() == How.LOCAL_STALE);
        assertThat(text(stale)).isIn("old", "new");
        await().untilAsserted(() ->
                assertThat(text(get(another, brief, giving("new")))).isEqualTo("new"));
    }
}
