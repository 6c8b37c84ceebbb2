package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.reconcile.DbPerformanceReconciler.ClusterView;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A second concern beside the indexes, with an informer of its own and no need of a database. Everything that it takes is in this
 * file.
 */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondConcernTest {

    private final FlagView flags = new FlagView();
    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesClient client) throws Exception {
        cluster = TestCluster.with(client, new FlagConcern(flags), flags);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void itsConditionStandsBesideTheIndexesAndReadyIsTheWorst() throws Exception {
        cluster.create(cluster.resource("both", "Apply", "ix_both"));

        DbPerformance seen =
                cluster.awaitThat("both", r -> condition(r, "IndexesReady").status() == Truth.TRUE);

        assertThat(condition(seen, "FlagReady").status()).isEqualTo(Truth.FALSE);
        assertThat(condition(seen, "Ready").message()).isEqualTo("the flag is down");
    }

    @Test
    void itSeesAChangeOfTheClusterAtOnceWhileTheDatabaseIsAway() throws Exception {
        cluster.create(TestCluster.elsewhere(cluster.resource("away", "Apply", "ix_away")));
        cluster.awaitThat("away", r -> condition(r, "IndexesReady").status() == Truth.UNKNOWN);
        assertThat(condition(cluster.now("away"), "FlagReady").status()).isEqualTo(Truth.FALSE);

        cluster.client.resource(flag("away", "up")).create();

        DbPerformance seen =
                cluster.awaitThat("away", r -> condition(r, "FlagReady").status() == Truth.TRUE);
        assertThat(condition(seen, "IndexesReady").reason()).isEqualTo("DatabaseUnreachable");
    }

    @Test
    void whileItRunsTheDatabaseOfAnotherConcernIsLeftInPeace() throws Exception {
        cluster.create(cluster.resource("calm", "Apply", "ix_calm"));
        cluster.awaitThat("calm", r -> condition(r, "IndexesReady").status() == Truth.TRUE);
        int runs = flags.asked;
        double opened = opened();

        cluster.client.resource(flag("calm", "up")).create();
        cluster.awaitThat("calm", r -> condition(r, "FlagReady").status() == Truth.TRUE);

        await().until(() -> flags.asked > runs);
        assertThat(opened()).isEqualTo(opened);
    }

    private double opened() {
        return cluster.metrics
                .get("headroom.database.connections.opened")
                .counter()
                .count();
    }

    private static Condition condition(DbPerformance resource, String type) {
        return resource.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    private ConfigMap flag(String resource, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(resource + "-flag")
                .withNamespace(cluster.client.getNamespace())
                .endMetadata()
                .withData(Map.of("flag", value))
                .build();
    }

    /** Wants the ConfigMap {@code <resource>-flag} to say "up". */
    private record FlagConcern(FlagView flags) implements Concern<Concern.State> {

        @Override
        public List<String> conditions(DbPerformanceSpec spec) {
            return List.of("FlagReady");
        }

        @Override
        public Mode mode(DbPerformanceSpec spec) {
            return spec.mode();
        }

        @Override
        public State open(Clock clock) {
            return () -> {};
        }

        @Override
        public ConcernReport reconcile(Pass pass, State state) {
            boolean up = flags.isUp(new ResourceID(pass.id().name(), pass.id().namespace()));
            return new ConcernReport(
                    Map.of(
                            "FlagReady",
                            up
                                    ? Verdict.yes(Reason.AS_DECLARED, "the flag is up")
                                    : Verdict.no(Reason.INDEXES_PENDING, "the flag is down")),
                    status -> status,
                    List.of(),
                    up,
                    Duration.ofMinutes(5));
        }

        @Override
        public Cleanup cleanUp(Pass pass, State state) {
            return Cleanup.done("");
        }
    }

    /** The ConfigMaps, by an informer. */
    private static final class FlagView implements ClusterView {
        private volatile @org.jspecify.annotations.Nullable InformerEventSource<ConfigMap, DbPerformance> informer;
        private volatile int asked;

        @Override
        public Class<FlagConcern> concern() {
            return FlagConcern.class;
        }

        @Override
        public List<EventSource<?, DbPerformance>> eventSources(
                EventSourceContext<DbPerformance> context, Consumer<ResourceID> due) {
            InformerEventSource<ConfigMap, DbPerformance> source = new InformerEventSource<>(
                    InformerEventSourceConfiguration.from(ConfigMap.class, DbPerformance.class)
                            .withNamespacesInheritedFromController()
                            .withSecondaryToPrimaryMapper(flag -> {
                                ResourceID id = new ResourceID(
                                        flag.getMetadata().getName().replaceFirst("-flag$", ""),
                                        flag.getMetadata().getNamespace());
                                due.accept(id);
                                return Set.of(id);
                            })
                            .build(),
                    context);
            informer = source;
            return List.of(source);
        }

        synchronized boolean isUp(ResourceID resource) {
            asked++;
            return informer.get(new ResourceID(
                            resource.getName() + "-flag",
                            resource.getNamespace().orElseThrow()))
                    .filter(flag -> "up".equals(flag.getData().get("flag")))
                    .isPresent();
        }
    }
}
