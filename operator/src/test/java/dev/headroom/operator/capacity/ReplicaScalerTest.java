package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.ReplicaScaler.Allowed;
import dev.headroom.operator.capacity.ReplicaScaler.Cause;
import dev.headroom.operator.capacity.ReplicaScaler.DatabaseLoad;
import dev.headroom.operator.capacity.ReplicaScaler.Decision;
import dev.headroom.operator.capacity.ReplicaScaler.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Pods of one core, 8 ms of it a request, an objective of 200 ms: 100 requests/s need about one pod. */
class ReplicaScalerTest {
    private static final double COST = 0.008;
    private static final double SCRAPE = 5;

    private final ReplicaScaler scaler = new ReplicaScaler(ScalingPolicy.defaults(2, 20, 95, 0.2));
    private double now = 1000;
    private int replicas = 4;
    private int ceiling = 100;
    private int starting;
    private boolean rollout;
    private Allowed allowed = Allowed.BOTH;
    private double coverage = 1;

    private static LatencyHistogram durations(double count, double seconds) {
        double[] bounds = {0.05, 0.1, 0.2, 0.5, 1, 5, Double.POSITIVE_INFINITY};
        double[] counts = new double[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            counts[i] = seconds <= bounds[i] ? count : 0;
        }
        return LatencyHistogram.of(bounds, counts, count * seconds).orElseThrow();
    }

    /** One window in which so many requests a second took so long, with this part of it in the statement. */
    private Decision window(double rate, double seconds, double inStatement, double cost) {
        double count = rate * SCRAPE;
        now += SCRAPE;
        ScrapeWindow window = new ScrapeWindow(
                SCRAPE,
                coverage,
                Optional.of(durations(count, seconds)),
                Optional.of(durations(count, 0.0001)),
                Map.of("tasks", durations(count, seconds * inStatement)),
                OptionalDouble.of(rate),
                OptionalDouble.of(seconds * inStatement),
                OptionalDouble.of(rate),
                OptionalDouble.of(rate),
                OptionalDouble.of(0),
                OptionalDouble.of(0),
                OptionalDouble.of(Math.min(rate * cost, replicas)),
                OptionalDouble.of(rate * seconds));
        return decide(window);
    }

    private Decision decide(ScrapeWindow window) {
        Decision decision = scaler.decide(new Observation(
                Instant.ofEpochMilli((long) (now * 1000)),
                replicas,
                replicas,
                starting,
                OptionalDouble.empty(),
                rollout,
                window,
                1,
                DatabaseLoad.UNKNOWN,
                ceiling,
                allowed));
        replicas = decision.replicas();
        return decision;
    }

    private Decision calm(double rate, int windows) {
        Decision last = new Decision(replicas, Cause.UNKNOWN, "");
        for (int i = 0; i < windows; i++) {
            last = window(rate, 0.03, 0.3, COST);
        }
        return last;
    }

    @Test
    void arrivalsTimesCostSayHowManyPods() {
        replicas = 7;
        Decision decision = calm(600, 4);

        assertThat(decision.replicas()).isBetween(6, 7);
        assertThat(decision.sentence()).contains("600/s × 8.0 ms need 6.2 pods", "p95 48 ms of 200 ms", "processors");
    }

    @Test
    void fewRequestsAreEnoughToLearnTheirCost() {
        replicas = 4;
        Decision decision = calm(2, 200); // ten a window

        assertThat(decision.cause()).isEqualTo(Cause.NEED);
        assertThat(replicas).isEqualTo(2);
    }

    @Test
    void withoutAnyRequestNothingIsNeeded() {
        replicas = 4;
        for (int i = 0; i < 800; i++) {
            now += SCRAPE;
            decide(silent(SCRAPE, coverage, OptionalDouble.of(0)));
        }

        assertThat(replicas).isEqualTo(2);
    }

    @Test
    void jumpCountsAtOnce() {
        calm(300, 10);

        assertThat(calm(900, 2).sentence()).startsWith("scaling up from").contains("rising by");
        assertThat(replicas).isGreaterThanOrEqualTo(6);
    }

    @Test
    void unknownMetricsHold() {
        calm(300, 5);
        int before = replicas;

        Decision decision = decide(unknown());

        assertThat(decision)
                .isEqualTo(new Decision(
                        before, Cause.UNKNOWN, "holding " + before + ": metrics of only 0 % of the pods are known"));
    }

    private static ScrapeWindow unknown() {
        return silent(0, 0, OptionalDouble.empty());
    }

    /** A window without requests, in which every rate is the same. */
    private static ScrapeWindow silent(double seconds, double coverage, OptionalDouble rate) {
        return new ScrapeWindow(
                seconds,
                coverage,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                rate,
                rate,
                rate,
                rate,
                rate,
                rate,
                rate,
                rate);
    }

    @Test
    void podsThatAnswerWithoutAnyRequestAreAskedAboutTheirName() {
        Decision decision = decide(silent(SCRAPE, 0, OptionalDouble.empty()));

        assertThat(decision.cause()).isEqualTo(Cause.UNKNOWN);
        assertThat(decision.sentence()).contains("metrics.names.requests");
    }

    @Test
    void anObjectiveBeyondAllBucketsIsMissedAndSaysSo() {
        ReplicaScaler slow = new ReplicaScaler(ScalingPolicy.defaults(2, 20, 95, 30));
        double[] bounds = {10, Double.POSITIVE_INFINITY};
        OptionalDouble rate = OptionalDouble.of(10);
        OptionalDouble none = OptionalDouble.empty();
        Decision decision = slow.decide(new Observation(
                Instant.ofEpochSecond(1000),
                4,
                4,
                0,
                none,
                false,
                new ScrapeWindow(
                        SCRAPE,
                        1,
                        LatencyHistogram.of(bounds, new double[] {10, 50}, 900),
                        Optional.empty(),
                        Map.of(),
                        none,
                        none,
                        rate,
                        rate,
                        none,
                        none,
                        OptionalDouble.of(0.1),
                        none),
                1,
                DatabaseLoad.UNKNOWN,
                100,
                Allowed.BOTH));

        assertThat(decision.sentence())
                .contains("p95 beyond the histogram's largest bucket, the objective is 30000 ms");
    }

    /** The first window of a process has nothing to compare with. */
    @Test
    void podsThatWereThereBeforeTheOperatorAreKeptForAWhile() {
        replicas = 12;
        decide(unknown());

        calm(300, 5);

        assertThat(replicas).isEqualTo(12);
        calm(300, 800);
        assertThat(replicas).isLessThan(6);
    }

    /** The database is away: what comes is refused at once, or does not come at all. */
    @Test
    void failingRequestsMoveNothing() {
        calm(600, 20);
        int before = replicas;
        Decision decision = new Decision(0, Cause.UNKNOWN, "");
        for (int i = 0; i < 400; i++) {
            decision = failing(20, 18);
        }

        assertThat(replicas).isEqualTo(before);
        assertThat(decision.cause()).isEqualTo(Cause.FAILING);
        assertThat(decision.sentence()).contains("90 % of the requests fail");
        assertThat(calm(100, 5).replicas()).as("when it is back").isEqualTo(before);
    }

    private Decision failing(double rate, double failed) {
        now += SCRAPE;
        OptionalDouble none = OptionalDouble.empty();
        return decide(new ScrapeWindow(
                SCRAPE,
                1,
                Optional.of(durations((rate - failed) * SCRAPE, 0.01)),
                Optional.empty(),
                Map.of(),
                none,
                none,
                OptionalDouble.of(rate),
                OptionalDouble.of(rate - failed),
                OptionalDouble.of(0),
                OptionalDouble.of(failed),
                OptionalDouble.of(0.01),
                none));
    }

    @Test
    void latenessIsCountedUntilItEnds() {
        calm(100, 20);
        for (int i = 0; i < 61; i++) {
            window(100, 0.4, 0.1, COST);
        }

        assertThat(window(100, 0.4, 0.1, COST).late()).isEqualTo(Duration.ofSeconds(305));
        assertThat(calm(100, 1).late()).isZero();
    }

    @Test
    void podThatNeverStartsDoesNotStopWhatLatencyNeeds() {
        calm(100, 20);
        int before = replicas;
        starting = 1;

        for (int i = 0; i < 40; i++) {
            window(100, 0.4, 0.1, COST);
        }

        assertThat(replicas).isGreaterThan(before);
    }

    @Test
    void silentPodsAreNotScaledDown() {
        replicas = 10;
        coverage = 0.55;

        assertThat(calm(100, 400).replicas()).isEqualTo(10);
        assertThat(calm(100, 1).sentence()).contains("not scaling down while pods are silent");
    }

    @Test
    void unneededPodsGoAfterTheirWait() {
        replicas = 10;

        assertThat(calm(300, 5).replicas()).isEqualTo(10);
        assertThat(calm(300, 600).replicas()).isBetween(3, 4);
    }

    @Test
    void slowStatementsHoldAndNameTheBottleneck() {
        calm(300, 20);
        int before = replicas;

        Decision decision = window(300, 0.4, 0.9, COST);

        assertThat(decision.replicas()).isEqualTo(before);
        assertThat(decision.sentence())
                .contains("90 % of the time in the database", "statement `tasks`", "replicas do not help");
    }

    @Test
    void busyProcessorsAreNoDatabaseBottleneck() {
        calm(380, 20);
        replicas = 2;

        Decision decision = window(380, 0.4, 0.9, COST);

        assertThat(decision.replicas()).isGreaterThan(2);
    }

    @Test
    void waitForTheProcessorInsideStatementsIsNoDatabaseBottleneck() {
        calm(300, 20);

        // 100 ms of own time instead of 21: the statements contain as long a wait.
        Decision decision = window(300, 0.21, 0.52, COST);

        assertThat(decision.sentence()).doesNotContain("bottleneck");
    }

    @Test
    void requestsLateFromAnOverloadAreNoDatabaseBottleneck() {
        calm(380, 20);
        replicas = 3;
        window(380, 0.4, 0.3, COST);
        replicas = 8;

        Decision decision = window(380, 0.4, 0.9, COST);

        assertThat(decision.sentence()).doesNotContain("bottleneck");
    }

    @Test
    void slowDatabaseIsSeenAsSoonAsAnOverloadIsServed() {
        calm(380, 20);
        replicas = 3;
        window(380, 0.4, 0.3, COST);
        replicas = 8;

        for (int i = 0; i < 3; i++) {
            window(380, 3, 0.95, COST); // the processors have time again
        }

        assertThat(replicas).as("what piles up is the database's").isLessThanOrEqualTo(10);
        assertThat(window(380, 3, 0.95, COST).cause()).isEqualTo(Cause.DATABASE_BOUND);
    }

    /** The window in which an overload began has calm seconds too, and its statements were slow for want of a processor. */
    @Test
    void fullProcessorsEndTheDatabaseBottleneckAtOnce() {
        calm(300, 20);
        assertThat(window(300, 0.4, 0.9, COST).cause()).isEqualTo(Cause.DATABASE_BOUND);
        replicas = 2;

        assertThat(window(380, 0.4, 0.9, COST).replicas()).isGreaterThan(2);
    }

    @Test
    void slowDatabaseStaysTheBottleneckForLong() {
        calm(300, 20);
        int before = replicas;

        for (int i = 0; i < 360; i++) {
            assertThat(window(300, 0.4, 0.9, COST).sentence()).contains("it is the bottleneck");
        }

        assertThat(replicas).isEqualTo(before);
    }

    @Test
    void rolloutFreezes() {
        calm(300, 5);
        int before = replicas;
        rollout = true;

        Decision decision = calm(1000, 3);

        assertThat(decision.replicas()).isEqualTo(before);
        assertThat(decision.sentence()).contains("a rollout is under way");
    }

    @Test
    void pauseSaysWhatItWouldDo() {
        calm(300, 5);
        allowed = Allowed.DOWN;

        assertThat(calm(1000, 3).sentence()).contains("paused, would scale up to");
    }

    @Test
    void connectionBudgetIsACeiling() {
        ceiling = 5;

        assertThat(calm(900, 5).replicas()).isEqualTo(5);
        assertThat(calm(900, 1).sentence()).contains("the connection budget allows 5 replicas");
    }

    @Test
    void stepThatDoesNotHelpIsTakenBackAndNotRepeated() {
        calm(100, 20);
        int before = replicas;
        Map<Integer, String> sentences = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            // Slow for a reason that neither pods nor the database explain.
            Decision decision = window(100, 0.4, 0.1, COST);
            sentences.put(i, decision.sentence());
        }

        assertThat(sentences.values()).anyMatch(sentence -> sentence.contains("more pods did not lower the latency"));
        assertThat(replicas).isLessThanOrEqualTo(before);
    }
}
