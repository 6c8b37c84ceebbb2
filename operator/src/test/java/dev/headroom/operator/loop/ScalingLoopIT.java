package dev.headroom.operator.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.CapacityStatus.PoolStatus;
import dev.headroom.operator.loop.ScalingLoop.Moment;
import dev.headroom.testkit.Skipped;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of capacity as a whole, on real pods and a real database. Each stage lasts until what is promised was seen, since a machine
 * that others use as well needs longer.
 */
@KubernetesTest
class ScalingLoopIT {
    private static final double PATIENCE_SECONDS = 180;

    /** Requests a second that one pod cannot serve. */
    private static final double OVERLOAD = 130;

    private final List<Moment> moments = new ArrayList<>();

    @Test
    void replicasFollowTheLoadAndConnectionsStayWithinTheBudget(
            KubernetesServer server, KubernetesClient client, @TempDir Path folder) throws Exception {
        if (!Boolean.getBoolean("headroom.scaling-loop")) {
            throw Skipped.because("it takes four minutes of a machine that nobody else uses", "make check-scaling");
        }
        try (ScalingLoop loop = new ScalingLoop(server, client, folder)) {
            loop.startOperator();
            await().atMost(Duration.ofSeconds(90)).until(() -> loop.endpoints().size() == 1);
            try (LoadGenerator load = new LoadGenerator(loop::endpoints, LoadSchedule.from(ScalingLoop.CALM))) {
                Moment calm = watch(loop, load, "a pool size", moment -> moment.poolSize() > 0);

                load.stayAt(OVERLOAD);
                watch(
                        loop,
                        load,
                        "p95 over the objective",
                        moment -> p95(load, moment, 1) > ScalingLoop.OBJECTIVE_MILLIS);
                watch(loop, load, "two pods", moment -> moment.ready() >= 2);
                load.stayAt(ScalingLoop.PEAK);
                Moment grown = watch(loop, load, "three pods", moment -> moment.ready() >= 3);
                Moment served = watch(
                        loop,
                        load,
                        "p95 of ten seconds under the objective",
                        moment -> moment.second() > grown.second() + 10
                                && p95(load, moment, 10) < ScalingLoop.OBJECTIVE_MILLIS);
                assertThat(grown.poolSize()).as("each of three pools").isLessThan(calm.poolSize());

                loop.kubelet.kill(loop.kubelet.endpoints().getFirst());
                watch(loop, load, "the killed pod away", moment -> moment.ready() < served.ready());
                load.stayAt(ScalingLoop.CALM);
                watch(loop, load, "one pod after the load went", moment -> moment.wanted() == 1 && moment.ready() == 1);
                load.stop();

                assertThat(load.failures()).isEmpty();
                assertTheBudgetHeld(loop);
            }
        }
    }

    private static double p95(LoadGenerator load, Moment moment, double seconds) {
        return load.between(moment.second() - seconds, moment.second()).p95Millis();
    }

    /** Looks once a second until it is so. */
    private Moment watch(ScalingLoop loop, LoadGenerator load, String what, Predicate<Moment> seen) throws Exception {
        for (double until = load.second() + PATIENCE_SECONDS; load.second() < until; ) {
            loop.watch(load, load.second() + 1, moments::add);
            if (seen.test(moments.getLast())) {
                return moments.getLast();
            }
        }
        throw new AssertionError("never " + what + "; the last decisions: "
                + moments.getLast().capacity().map(CapacityStatus::decisions).orElse(List.of()));
    }

    private void assertTheBudgetHeld(ScalingLoop loop) throws Exception {
        List<PoolStatus> pools =
                moments.stream().flatMap(moment -> moment.pool().stream()).toList();
        assertThat(pools).allSatisfy(pool -> assertThat(pool.mayHold()).isLessThanOrEqualTo(pool.granted()));
        int budget = pools.stream().mapToInt(PoolStatus::granted).min().orElseThrow();
        assertThat(loop.connections.mostOfPods()).isLessThanOrEqualTo(budget);
        assertThat(loop.connections.mostOfAll())
                .isLessThanOrEqualTo(ScalingLoop.MAX_CONNECTIONS - ScalingLoop.RESERVED_CONNECTIONS);
        assertThat(loop.connections.samples()).isGreaterThan(moments.size() * 5);
        assertThat(loop.kubelet.logs().values()).noneMatch(log -> log.contains("the server refuses more"));
    }
}
