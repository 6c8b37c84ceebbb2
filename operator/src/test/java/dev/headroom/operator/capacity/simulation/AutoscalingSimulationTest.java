package dev.headroom.operator.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headroom.operator.capacity.ScalingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void headroomNeedsFewerLateSecondsThanHpaOnCpu() {
        Score ours = run("spikes", "headroom").score();
        Score theirs = run("spikes", "hpa-cpu").score();

        assertThat(ours.violationSeconds).isLessThan(theirs.violationSeconds);
        assertThat(ours.budgetExceeded).isZero();
    }

    @Test
    void slowDatabaseBringsNoReplicas() {
        Score ours = run("database-slow", "headroom").score();

        assertThat(ours.databaseBoundAdds).isLessThanOrEqualTo(2);
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
}
