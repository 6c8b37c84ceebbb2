package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two operators and one Lease. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaderElectionTest {

    private final AtomicInteger lost = new AtomicInteger();
    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesServer server, KubernetesClient client) throws Exception {
        server.requireRealApi("it is about who may hold a Lease, which is asked of the authorizer");
        cluster = TestCluster.start(client);
        cluster.stopOperator();
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.client
                    .resources(dev.headroom.operator.crd.DbPerformance.class)
                    .delete();
            cluster.database.close();
        }
    }

    @Test
    void onlyTheHolderOfTheLeaseActs_andTheSecondTakesOverWhenItStops() throws Exception {
        PrometheusMeterRegistry first = Metrics.registry();
        PrometheusMeterRegistry second = Metrics.registry();
        RunningOperator one = TestCluster.operator(cluster.client, first, true, lost::incrementAndGet);
        try {
            await().atMost(TestCluster.PATIENCE).until(() -> leads(first));
            String holder = holder();
            try (RunningOperator two = TestCluster.operator(cluster.client, second, true, lost::incrementAndGet)) {
                assertThat(two.adminPort()).isPositive();
                cluster.create(cluster.resource("led", "Observe", "ix_led"));
                cluster.awaitReason("led", "Observing");
                assertThat(leads(second)).as(lease()).isFalse();
                await().atMost(TestCluster.PATIENCE).until(() -> passes(first) > 0); // counted after its status
                assertThat(passes(second)).isZero();

                Instant stopping = Instant.now();
                CompletableFuture.runAsync(one::close).join();
                assertThat(Duration.between(stopping, Instant.now())).isLessThan(Duration.ofSeconds(20));
                assertThat(leads(first)).isFalse();
                long last = passes(first);
                await().atMost(TestCluster.PATIENCE).until(() -> leads(second));
                cluster.create(cluster.resource("led-again", "Observe", "ix_led_again"));
                cluster.awaitReason("led-again", "Observing");
                assertThat(holder()).isNotEqualTo(holder);
                assertThat(passes(first)).isEqualTo(last);
                assertThat(passes(second)).isPositive();
                cluster.client
                        .resources(dev.headroom.operator.crd.DbPerformance.class)
                        .delete();
                cluster.awaitGone("led");
                cluster.awaitGone("led-again");
            }
        } finally {
            one.close();
        }
        assertThat(lost).as("a stop is no loss").hasValue(0);
    }

    @Test
    void aTargetBearsTheTermOfTheLeaseAndALaterOneStopsThisOperator() throws Exception {
        deployment("ours", Map.of());
        deployment("theirs", Map.of("headroom.dev/leader", "9000000000/0 another-operator 1"));
        try (RunningOperator one = TestCluster.operator(cluster.client, Metrics.registry(), true, () -> {})) {
            assertThat(one.adminPort()).isPositive();
            cluster.create(withTarget("ours"));
            cluster.create(withTarget("theirs"));

            cluster.awaitThat("ours", r -> mark("ours").startsWith(term() + " headroom-operator "));
            DbPerformance refused = cluster.awaitThat(
                    "theirs",
                    r -> r.getStatus().conditions().stream()
                            .anyMatch(each -> each.reason().equals("WriteRefused")));
            assertThat(refused.getStatus().conditions())
                    .anySatisfy(each -> assertThat(each.message())
                            .contains("another operator, of a later term than " + term(), "9000000000/0"));
            cluster.client.resources(DbPerformance.class).delete();
            cluster.awaitGone("ours");
            cluster.awaitGone("theirs");
        }
    }

    private DbPerformance withTarget(String name) throws Exception {
        return cluster.resource(
                name, "Apply", "ix_" + name, "  target: {name: " + name + "}\n  pool: {}\n  metrics: {interval: 1s}");
    }

    private void deployment(String name, Map<String, String> annotations) {
        cluster.client
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withAnnotations(annotations)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(0)
                        .withNewSelector()
                        .addToMatchLabels("app", name)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", name)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("app")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    private String mark(String deployment) {
        return String.valueOf(cluster.client
                .apps()
                .deployments()
                .withName(deployment)
                .get()
                .getMetadata()
                .getAnnotations()
                .get("headroom.dev/leader"));
    }

    private String term() {
        Lease lease = cluster.client.leases().withName("headroom-operator").get();
        return Instant.parse(lease.getMetadata().getCreationTimestamp()).getEpochSecond() + "/"
                + lease.getSpec().getLeaseTransitions();
    }

    private String lease() {
        return Serialization.asYaml(
                cluster.client.leases().withName("headroom-operator").get());
    }

    private String holder() {
        Lease lease = cluster.client.leases().withName("headroom-operator").get();
        return String.valueOf(lease.getSpec().getHolderIdentity());
    }

    private static boolean leads(PrometheusMeterRegistry metrics) {
        return metrics.get("headroom.leader").gauge().value() == 1;
    }

    private static long passes(PrometheusMeterRegistry metrics) {
        return metrics.find("headroom.reconcile.duration").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
