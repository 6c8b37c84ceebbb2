package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.Served.How;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResultCacheTest {
    private final RedisServer redis = TestRedis.server();
    private final Fleet fleet = new Fleet(redis);

    @AfterEach
    void stop() {
        fleet.close();
        redis.close();
    }

    @Test
    void anAnswerThatSaysTheSameKeepsItsBytes_onTheInstanceThatComputesItAndOnTheOthers() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, lookingAlike("first"));
        Served again = Fleet.renew(one, POLICY, lookingAlike("second"));
        assertThat(again.how()).isEqualTo(How.RENEWED);
        assertThat(text(again)).isEqualTo("first");
        fleet.change(one);
        await().until(() -> one.isSettled() && two.isSettled());
        assertThat(text(get(one, POLICY, lookingAlike("third")))).isEqualTo("first");
        assertThat(text(get(two, POLICY, lookingAlike("fourth")))).isEqualTo("first");
        assertThat(text(Fleet.renew(one, POLICY, giving("another")))).isEqualTo("another");
    }

    private static Computation lookingAlike(String body) {
        return new Computation() {
            @Override
            public Optional<byte[]> compute() {
                return Optional.of(body.getBytes(UTF_8));
            }

            @Override
            public boolean isSame(byte[] before, byte[] now) {
                return true;
            }
        };
    }

    private static Computation failing() {
        return () -> {
            throw new IllegalStateException("the database is gone");
        };
    }

    @Test
    void anAnswerIsComputedOnceForTheWholeFleet() {
        var one = fleet.instance();
        var two = fleet.instance();
        assertThat(get(one, POLICY, giving("a")).how()).isEqualTo(How.MISS);
        assertThat(get(one, POLICY, giving("b")).how()).isEqualTo(How.LOCAL_HIT);
        Served served = get(two, POLICY, giving("c"));
        assertThat(served.how()).isEqualTo(How.SHARED_HIT);
        assertThat(text(served)).isEqualTo("a");
        assertThat(get(two, POLICY, giving("d")).how()).isEqualTo(How.LOCAL_HIT);
    }

    @Test
    void simultaneousColdRequestsOnThreeInstancesAreOneComputation() throws Exception {
        var instances = List.of(fleet.instance(), fleet.instance(), fleet.instance());
        var computations = new AtomicInteger();
        Computation slow = () -> {
            computations.incrementAndGet();
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
            return Optional.of("once".getBytes(UTF_8));
        };
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Served>> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                var instance = instances.get(i % 3);
                all.add(clients.submit(() -> get(instance, POLICY, slow)));
            }
            for (Future<Served> each : all) {
                assertThat(text(each.get())).isEqualTo("once");
            }
        }
        assertThat(computations).hasValue(1);
    }

    @Test
    void aChangeIsSeenByTheNextRequestOfEveryInstanceThatHeardIt() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("before"));
        get(two, POLICY, giving("before"));
        fleet.change(one, two);
        assertThat(text(get(two, POLICY, giving("after")))).isEqualTo("after");
        await().untilAsserted(() ->
                assertThat(text(get(one, POLICY, giving("after")))).isEqualTo("after"));
    }

    @Test
    void aSlowComputationNeverOverwritesANewerTruth() throws Exception {
        var one = fleet.instance();
        var two = fleet.instance();
        var slow = Slow.request(one, "old");
        fleet.change(one, two);
        assertThat(text(get(one, POLICY, giving("new")))).isEqualTo("new");
        assertThat(slow.end()).isEqualTo("old"); // it was asked before the change
        assertThat(text(get(one, POLICY, giving("newer")))).isEqualTo("new");
        await().untilAsserted(
                        () -> assertThat(text(get(two, POLICY, giving("new")))).isEqualTo("new"));
    }

    @Test
    void aComputationThatBeganBeforeARenewalDoesNotTakeItsPlace() throws Exception {
        var one = fleet.instance();
        var slow = Slow.request(one, "old");
        Served renewed = Fleet.renew(one, POLICY, giving("new"));
        assertThat(text(renewed)).isEqualTo("new");
        assertThat(slow.end()).isEqualTo("old");
        assertThat(text(get(one, POLICY, giving("newer")))).isEqualTo("new");
    }

    @Test
    void aComputationThatTakesLongerThanThePatienceIsTriedOnceMoreNotByAllWhoWait() throws Exception {
        var one = fleet.with("cache.patience", "200ms").instance();
        var computations = new AtomicInteger();
        Computation slow = () -> {
            computations.incrementAndGet();
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return Optional.of("slow".getBytes(UTF_8));
        };
        List<Future<Served>> all = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                all.add(clients.submit(() -> get(one, POLICY, slow)));
            }
        }
        assertThat(all).allMatch(each -> text(each.resultNow()).equals("slow"));
        assertThat(computations).hasValueBetween(1, 2);
        assertThat(text(get(one, POLICY, giving("never asked")))).isEqualTo("slow");
    }

    @Test
    void aFailureServesWhatWasThereAndIsNeverKept() {
        var one = fleet.instance();
        assertThatThrownBy(() -> get(one, POLICY, failing())).hasMessage("the database is gone");
        assertThat(text(get(one, POLICY, giving("there")))).isEqualTo("there");
        fleet.change(one);
        try (var logged = LoggedLines.of(ResultCache.class.getPackage())) {
            for (int i = 0; i < 10; i++) {
                Served spare = get(one, POLICY, failing());
                assertThat(spare.how()).isEqualTo(How.LOCAL_FAILED);
                assertThat(text(spare)).isEqualTo("there");
            }
            assertThat(logged.warnings()).hasSize(1);
            assertThat(logged.warnings().getFirst()).contains("tasks.list", "the database is gone");
        }
        assertThat(text(get(one, POLICY, giving("back")))).isEqualTo("back");
    }

    @Test
    void anInstanceWithNothingOfItsOwnServesTheFleetsSpareWhenItCannotCompute() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("there"));
        fleet.change(one, two);
        assertThat(text(get(two, POLICY, failing()))).isEqualTo("there");
    }

    @Test
    void ofTwoSparesTheYoungerOneIsServed() {
        var one = fleet.instance();
        var two = fleet.instance();
        get(one, POLICY, giving("first"));
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        assertThat(text(get(two, POLICY, giving("second")))).isEqualTo("second");
        fleet.change(one, two);
        await().until(() -> one.isSettled() && two.isSettled());
        assertThat(text(get(one, POLICY, failing()))).isEqualTo("second"); // which others served before
        assertThat(text(get(two, POLICY, failing()))).isEqualTo("second");
    }

    @Test
    void whatIsComputedWithoutBeingKeptCountsItsFailuresAsWell() {
        var instance = fleet.instance();
        var counts = Fleet.counts(instance);
        assertThatThrownBy(() -> instance.results().unkept(counts, failing())).hasMessage("the database is gone");
        assertThat(counts.failures().sum()).isEqualTo(1);
    }

    @Test
    void aMissingRowIsRememberedBriefly() {
        var one = fleet.instance();
        assertThat(get(one, POLICY, Optional::empty).entry().found()).isFalse();
        assertThat(get(one, POLICY, giving("now it is there")).entry().found()).isFalse();
        await().untilAsserted(() -> assertThat(
                        get(one, POLICY, giving("now it is there")).entry().found())
                .isTrue());
    }

    @Test
    void clocksMinutesApartDoNotMatter() {
        var ahead = new Fleet.Clock();
        ahead.forward(Duration.ofMinutes(20));
        var one = fleet.instance();
        var two = fleet.instance(ahead);
        get(one, POLICY, giving("a"));
        Served served = get(two, POLICY, giving("b"));
        assertThat(served.how()).isEqualTo(How.SHARED_HIT);
        assertThat(served.age()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void anOwnerThatDiesDelaysTheOthersByItsLeaseAtMost() throws Exception {
        var dying = fleet.instance();
        var other = fleet.instance();
        var slow = Slow.request(dying, "the dead one's");
        long asked = System.nanoTime();
        assertThat(text(get(other, POLICY, giving("taken over")))).isEqualTo("taken over");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
        slow.end();
    }
}
