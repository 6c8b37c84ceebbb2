package dev.headroom.operator.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.operator.capacity.ScalingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator itself, and what must hold in it whatever the numbers are. Coarse runs: a few tenths of a second each. */
class AutoscalingSimulationTest {
    private static final double COARSE = 6;
    private static final Workload WORKLOAD = Workload.standard().coarser(COARSE);

    private static Result run(String trace, String scaler) {
        return SimulationMain.run(
                WORKLOAD, ScalingModel.DEFAULT, Traces.of(trace, 3).times(1 / COARSE), scaler, 3, false);
    }

    @Test
    void heapGivesTimesInOrder() {
        EventHeap heap = new EventHeap();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            heap.add(random.nextDouble(), i);
        }

        double last = 0;
        for (int i = 0; i < 1000; i++) {
            assertThat(heap.next()).isGreaterThanOrEqualTo(last);
            last = heap.next();
            heap.remove();
        }
    }

    @Test
    void statementsBeyondTheCoresShareThem() {
        SimulatedDatabase database = new SimulatedDatabase(2, 0, 0);
        for (int request = 0; request < 4; request++) {
            database.begin(0, 1, request);
        }

        assertThat(database.nextEnd()).isCloseTo(2, within(1e-9));
        database.end(2);
        database.slowDown(2, 2);
        database.begin(2, 1, 9);
        assertThat(database.active()).isEqualTo(4);
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertThat(run("spikes", "headroom").json())
                .isEqualTo(run("spikes", "headroom").json());
    }

    /** The promise on a small run: half as many late seconds for no more than HPA costs. */
    @Test
    void headroomIsHalfAsLateAsHpaForItsCost() {
        double late = 0;
        double lateWithHpa = 0;
        double cost = 0;
        double costWithHpa = 0;
        for (String trace : List.of("steps", "spikes", "bursts", "batches", "flapping")) {
            Score ours = run(trace, "headroom").score();
            Score theirs = run(trace, "hpa-cpu").score();
            late += ours.violationSeconds;
            lateWithHpa += theirs.violationSeconds;
            cost += ours.replicaSeconds;
            costWithHpa += theirs.replicaSeconds;

            assertThat(ours.budgetExceeded).isZero();
            assertThat(ours.replicaSeconds).as(trace).isLessThan(1.1 * theirs.replicaSeconds);
        }

        assertThat(late).isLessThan(0.5 * lateWithHpa);
        assertThat(cost).isLessThan(1.02 * costWithHpa);
    }

    @ParameterizedTest
    @ValueSource(strings = {"database-slow", "lock-storm", "database-slow-growing"})
    void slowDatabaseBringsNoReplicas(String trace) {
        Score ours = run(trace, "headroom").score();
        Score theirs = run(trace, "hpa-cpu").score();

        assertThat(ours.databaseBoundAdds).isZero();
        assertThat(ours.good).isGreaterThan(99 * theirs.good / 100);
    }

    @Test
    void csvIsReadWithOrWithoutHeader(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("load.csv");
        Files.writeString(file, "time,rate\n0,10\n60,20\n120,5\n");

        Scenario scenario = Scenario.read(file);

        assertThat(scenario.seconds()).isEqualTo(180);
        assertThat(scenario.rate(30)).isCloseTo(Scenario.PEAK / 2, within(1e-9));
        assertThat(scenario.rate(70)).isCloseTo(Scenario.PEAK, within(1e-9));
    }

    @Test
    void csvRateHoldsUntilTheNextLineAndIsAveragedPerSecond(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("load.csv");
        Files.writeString(file, "\uFEFF# recorded\n10;4\r\n10.5;8\n\n12;0\n3600;8\n");

        Scenario scenario = Scenario.read(file);

        assertThat(scenario.seconds()).isEqualTo(7178);
        assertThat(scenario.rate(0) / scenario.rate(1)).isCloseTo(6 / 8.0, within(1e-9));
        assertThat(scenario.rate(1000)).isZero();
        assertThat(scenario.rate(3600)).isEqualTo(scenario.peak());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`0,1\n5,2\n5,3\n`       | line 3: 5 s is not after the 5.0 s of line 2",
                "`0,1\n9,2\n5,3\n`       | line 3: 5 s is not after the 9.0 s of line 2",
                "`s,r\n0,1\n5\n`         | line 3: '5' is not seconds,requests per second",
                "`s,r\nnext,r\n0,1\n`    | line 2: 'next,r' is not seconds,requests per second",
                "`0,1\n5,-2\n`           | line 2: '5,-2' has a number that is negative or not finite",
                "`0,1\n5,NaN\n`          | line 2: '5,NaN' has a number that is negative or not finite",
                "`0,1\n`                 | has 1 lines of seconds,requests per second; it needs two at least",
                "``                      | has 0 lines of seconds,requests per second; it needs two at least",
                "`0,1\n1700000000000,2\n`| a week, 604800 s, is the longest"
            })
    void csvThatIsWrongIsRefusedByLine(String text, String message, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("load.csv");
        Files.writeString(file, text.replace("\\n", "\n"));

        assertThatThrownBy(() -> Scenario.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,0\n3600,0", "0,50\n3600,50", "0,0\n1800,1e9\n1801,0\n3600,0", "0,0\n3599,1\n3600,0"})
    void oddLoadsAreRun(String text, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("load.csv");
        Files.writeString(file, text);
        Scenario scenario = Scenario.read(file).times(1 / COARSE);

        for (String scaler : SimulationMain.SCALERS) {
            Score score = SimulationMain.run(WORKLOAD, ScalingModel.DEFAULT, scenario, scaler, 1, false)
                    .score();

            assertThat(score.budgetExceeded).isZero();
            assertThat(score.replicaSeconds).isGreaterThanOrEqualTo(2.0 * (scenario.seconds() - 1));
        }
    }

    @Test
    void jsonHasTheFieldsThatTheIssueNames() {
        assertThat(run("steps", "static").json())
                .matches(
                        "\\{\"scaler\":\"static\",\"trace\":\"steps\",\"violationSeconds\":\\d+,\"replicaSeconds\":\\d+,"
                                + "\"changes\":0,\"oscillations\":0,\"databaseBoundAdds\":0,\"peakConnections\":\\d+,"
                                + "\"budgetExceeded\":0}");
    }
}
