package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.ManualClock;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.NoOtherResources;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.MetricsSpec.Names;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.TargetSpec;
import dev.headroom.operator.index.TestOperator;
import dev.headroom.testkit.TestPostgres;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Passes over a target whose cluster is played; the database is real. */
class CapacityConcernTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    private final TestPostgres.Database database = TestPostgres.database();
    private final ManualClock clock = new ManualClock(NOW);
    private final PlayedCluster cluster = new PlayedCluster();
    private final CapacityConcern concern = new CapacityConcern(cluster, pass -> this::pages, clock);
    private final CapacityState state = concern.open(clock);
    private final AtomicInteger rounds = new AtomicInteger();
    private double requestsPerSecond = 10;
    private double requests;

    @AfterEach
    void close() {
        state.close();
        database.close();
    }

    @Test
    void theSizeOfPoolsFollowsWhereReplicasMayNotBeSet() throws Exception {
        cluster.scalingRefused = true;
        requestsPerSecond = 400;

        ConcernReport report = passes(8);

        assertThat(report.verdicts().get(CapacityConcern.REPLICAS_READY).reason())
                .isEqualTo(Reason.WRITE_REFUSED);
        assertThat(report.verdicts().get(CapacityConcern.POOL_READY).reason()).isNotEqualTo(Reason.WRITE_REFUSED);
        assertThat(cluster.history.getLast().size())
                .as("10 ms each of 400 a second on 2 pods")
                .isGreaterThan(2);
        assertThat(cluster.triesToScale).as("each ten seconds, not each second").isBetween(1, 5);
    }

    private ConcernReport passes(int number) throws Exception {
        ConcernReport report = null;
        for (int i = 0; i < number; i++) { // each begins a round and takes it in
            int before = rounds.get();
            pass();
            await().until(() -> rounds.get() > before);
            report = pass();
            clock.advance(Duration.ofSeconds(5));
        }
        return report;
    }

    private ConcernReport pass() throws Exception {
        ResourceView resource = new ResourceView(
                new ResourceId("prod", "shop", "uid"),
                Serialization.unmarshal("""
                        mode: Apply
                        database: {credentialsSecretRef: {name: db}}
                        target: {name: shop}
                        metrics: {interval: 5s}
                        objective: {request: {under: 200ms}}
                        pool: {minPerReplica: 2, maxPerReplica: 10}
                        replicas: {min: 2, max: 12}
                        """, DbPerformanceSpec.class),
                null,
                Instant.EPOCH,
                null,
                Pauses.NONE);
        Pass pass = Pass.over(
                resource,
                null,
                () -> TestOperator.access(database, database.user(), database.password()),
                new NoOtherResources(),
                () -> true,
                clock);
        return concern.reconcile(pass.of(concern, rounds::incrementAndGet), state);
    }

    /** A request takes 20 ms of a core and a connection for 10 ms. */
    private MetricsSource.Answers pages(List<MetricsSource.PodAddress> pods) {
        requests += 5 * requestsPerSecond / pods.size();
        Map<String, MetricsPage> pages = new HashMap<>();
        for (MetricsSource.PodAddress pod : pods) {
            try {
                pages.put(pod.uid(), MetricsPage.of(page(), Names.DEFAULT, pod.uid(), clock.instant()));
            } catch (MetricsPage.Unreadable e) {
                throw new AssertionError(e);
            }
        }
        return new MetricsSource.Answers(pages, Map.of());
    }

    private String page() {
        Published current = cluster.history.isEmpty() ? new Published(0, 10, NOW) : cluster.history.getLast();
        return """
                http_server_request_duration_seconds_bucket{route="/a",status="200",le="0.1"} %1$d
                http_server_request_duration_seconds_bucket{route="/a",status="200",le="+Inf"} %1$d
                http_server_request_duration_seconds_sum{route="/a",status="200"} %2$f
                db_client_operation_duration_seconds_bucket{statement="a",le="+Inf"} %1$d
                db_client_operation_duration_seconds_sum{statement="a"} %3$f
                http_server_active_requests 1
                process_cpu_seconds_total %4$f
                process_start_time_seconds 1700000000
                db_client_connections_max %5$d
                db_client_connections_generation %6$d
                """.formatted(
                        (long) requests,
                        requests * 0.05,
                        requests * 0.01,
                        requests * 0.02,
                        current.size(),
                        current.generation());
    }

    /** A Deployment of two pods and its ConfigMap. */
    private static final class PlayedCluster implements Workloads {
        private List<Published> history = List.of();
        private boolean scalingRefused;
        private int replicas = 2;
        private int triesToScale;

        @Override
        public Optional<Target> find(ResourceId resource, TargetSpec target) {
            return Optional.of(new Target(
                    "uid",
                    "1",
                    replicas,
                    Target.RolloutLimits.NONE,
                    false,
                    OptionalDouble.of(1),
                    Optional.empty(),
                    IntStream.range(0, replicas).mapToObj(PlayedCluster::pod).toList()));
        }

        private static Target.Pod pod(int number) {
            Instant began = NOW.minusSeconds(3600);
            return new Target.Pod(
                    "uid-" + number,
                    "shop-" + number,
                    List.of("10.0.0." + number),
                    began,
                    began,
                    Optional.of(began),
                    true,
                    false,
                    OptionalLong.empty());
        }

        @Override
        public PoolConfigMap published(ResourceId resource) {
            return new PoolConfigMap(history.isEmpty() ? null : "1", history);
        }

        @Override
        public Optional<Fresh> fresh(ResourceId resource, TargetSpec target, boolean withPool) {
            return Optional.of(new Fresh(find(resource, target).orElseThrow(), published(resource)));
        }

        @Override
        public Written publish(ResourceId resource, PoolConfigMap read, List<Published> next, int minimumIdle) {
            history = next;
            return Written.DONE;
        }

        @Override
        public Written scale(ResourceId resource, TargetSpec target, Target read, int wanted) {
            triesToScale++;
            if (scalingRefused) {
                throw new Refused("nobody may look at autoscalers");
            }
            replicas = wanted;
            return Written.DONE;
        }

        @Override
        public Written fence(ResourceId resource, TargetSpec target, Target read, PoolConfigMap published) {
            return Written.DONE;
        }

        @Override
        public Optional<String> replicasManager(ResourceId resource, TargetSpec target) {
            return Optional.empty();
        }

        @Override
        public void annotatePods(ResourceId resource, List<Target.Pod> pods, long generation) {}
    }
}
