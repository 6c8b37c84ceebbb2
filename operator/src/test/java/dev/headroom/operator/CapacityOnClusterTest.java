package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The capacity concern on an API server, with pods that are played and tell what a service under this load would. Where the server is
 * real, the operator has the rights of its chart alone.
 */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapacityOnClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private @Nullable ChartRoles roles;
    private TestCluster cluster;
    private DeploymentPlayer player;
    private PlayedMetrics metrics;

    @BeforeAll
    void start(KubernetesServer server, KubernetesClient client) throws Exception {
        if (server.kind() == KubernetesServer.Kind.IN_PROCESS) {
            cluster = TestCluster.start(client);
        } else {
            roles = ChartRoles.grant(server, client, ChartRoles.NAMESPACED);
            cluster = TestCluster.startAs(client, roles.client());
        }
        player = DeploymentPlayer.in(server, client.getNamespace());
        metrics = new PlayedMetrics(client);
    }

    @AfterAll
    void stop() {
        cluster.close();
        player.close();
        metrics.close();
        if (roles != null) {
            roles.close();
        }
    }

    @Test
    void aPoolSizeIsPublishedAndComesIntoForceOnEveryPod() throws Exception {
        deployment("sized", 2);
        cluster.create(resource("sized", "Apply", "pool: {minPerReplica: 2, maxPerReplica: 8}"));

        DbPerformance seen = awaitThat("sized", r -> isTrue(r, "PoolReady"));

        ConfigMap map = cluster.client.configMaps().withName("sized-pool").get();
        assertThat(map.getData().get("pool"))
                .matches("generation=[0-9]{10}\nmaximum-pool-size=[2-8]\nminimum-idle=2\n");
        assertThat(map.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getName()).isEqualTo("sized"));
        CapacityStatus.PoolStatus pool =
                Objects.requireNonNull(seen.getStatus().capacity()).pool();
        assertThat(pool.podsInForce()).isEqualTo(2);
        assertThat(pool.mayHold()).isLessThanOrEqualTo(pool.granted());
        assertThat(pods("sized"))
                .allSatisfy(pod -> assertThat(pod.getMetadata().getAnnotations())
                        .containsEntry("headroom.dev/pool-generation", String.valueOf(pool.generation())));
    }

    @Test
    void replicasComeWithTheLoadAndGoWithIt() throws Exception {
        deployment("busy", 1);
        metrics.load("busy", 5);
        cluster.create(resource(
                "busy",
                "Apply",
                "pool: {minPerReplica: 2, maxPerReplica: 8}",
                "objective: {request: {percentile: 95, under: 200ms}}",
                "replicas: {min: 1, max: 5, scaleDown: {minWindow: 1s, maxWindow: 5s}}"));
        awaitThat("busy", r -> isTrue(r, "ReplicasReady"));

        metrics.load("busy", 100); // at 20 ms each on half a core: 5 and more, with what is kept in reserve
        DbPerformance grown = awaitThat("busy", r -> replicas("busy") == 5 && isTrue(r, "PoolReady"));
        assertThat(grown.getStatus().capacity().decisions())
                .anySatisfy(decision -> assertThat(decision.sentence()).contains("scaling up from 1 to"));

        metrics.load("busy", 5);
        awaitThat("busy", r -> replicas("busy") < 5);
        assertThat(metrics.mostHeld("busy"))
                .isLessThanOrEqualTo(grown.getStatus().capacity().pool().granted());
    }

    @Test
    void whatCannotBeMeasuredIsSaidAndIndexesGoOn() throws Exception {
        cluster.create(resource("nobody", "Apply", "pool: {}"));
        deployment("deaf", 1);
        cluster.create(resource("deaf", "Apply", "pool: {}", "metrics: {port: 1, interval: 1s}"));

        assertThat(awaitThat("nobody", r -> reason(r, "PoolReady").equals("TargetMissing") && isTrue(r, "IndexesReady"))
                        .getStatus()
                        .conditions())
                .anySatisfy(condition -> {
                    assertThat(condition.type()).isEqualTo("IndexesReady");
                    assertThat(condition.status()).isEqualTo(Truth.TRUE);
                });
        DbPerformance deaf = awaitThat("deaf", r -> reason(r, "PoolReady").equals("MetricsMissing"));
        assertThat(condition(deaf, "PoolReady").message()).contains(":1/metrics: connection refused");
        assertThat(condition(deaf, "Stalled").reason()).isEqualTo("MetricsMissing");
    }

    @Test
    void aBudgetThatIsTooSmallIsRefusedWithItsArithmetic() throws Exception {
        deployment("poor", 2);
        cluster.create(resource("poor", "Apply", "pool: {minPerReplica: 2, reservedConnections: 190}"));

        DbPerformance seen = awaitThat("poor", r -> reason(r, "PoolReady").equals("BudgetTooSmall"));

        assertThat(condition(seen, "PoolReady").message())
                .contains("budget 3 = ", "190 declared for others", "raise max_connections by", "lower replicas.min");
        assertThat(cluster.client.configMaps().withName("poor-pool").get()).isNull();
    }

    @Test
    void whatAPersonSetsStandsUntilTheLoadSaysOtherwise() throws Exception {
        deployment("manual", 2);
        cluster.create(
                resource("manual", "Apply", "pool: {}", "objective: {request: {under: 200ms}}", "replicas: {max: 5}"));
        awaitThat("manual", r -> isTrue(r, "ReplicasReady") && isTrue(r, "PoolReady"));

        for (int replicas : new int[] {0, 3}) {
            cluster.client.apps().deployments().withName("manual").scale(replicas);
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> replicas("manual") == replicas);
        }
    }

    @Test
    void ofTwoResourcesOnOneTargetTheOlderHasIt() throws Exception {
        deployment("shared", 1);
        cluster.create(resource("shared", "Apply", "pool: {}"));
        awaitThat("shared", r -> isTrue(r, "PoolReady"));
        String second = Serialization.asYaml(resource("shared", "Apply", "pool: {}"))
                .replaceFirst("name: \"shared\"", "name: \"shared2\"")
                .replace("ix_shared\"", "ix_shared2\"");
        cluster.sql("create table if not exists ix_shared2_of (id int, status text)");
        cluster.create(Serialization.unmarshal(second, DbPerformance.class));

        assertThat(condition(awaitThat("shared2", r -> reason(r, "PoolReady").equals("TargetTaken")), "PoolReady")
                        .message())
                .contains("older DbPerformance shared");
        assertThat(isTrue(cluster.now("shared"), "PoolReady")).isTrue();
    }

    @Test
    void whatAnAutoscalerScalesIsLeftToIt() throws Exception {
        deployment("owned", 1);
        cluster.client
                .resource(Serialization.unmarshal("""
                        apiVersion: autoscaling/v2
                        kind: HorizontalPodAutoscaler
                        metadata: {name: theirs}
                        spec:
                          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: owned}
                          maxReplicas: 3
                        """, HorizontalPodAutoscaler.class))
                .create();
        metrics.load("owned", 100);
        cluster.create(resource("owned", "Apply", "objective: {request: {under: 200ms}}", "replicas: {max: 5}"));

        DbPerformance seen = awaitThat("owned", r -> reason(r, "ReplicasReady").equals("ReplicasOwned"));

        assertThat(condition(seen, "ReplicasReady").message()).contains("HorizontalPodAutoscaler theirs");
        assertThat(replicas("owned")).isEqualTo(1);
    }

    @Test
    void aConfigMapOfSomebodyElseIsNeverTakenOver() throws Exception {
        deployment("mine", 1);
        ConfigMap theirs = configMap("mine-pool");
        cluster.create(resource("mine", "Apply", "pool: {}"));

        DbPerformance seen = awaitThat("mine", r -> reason(r, "PoolReady").equals("WriteRefused"));

        assertThat(condition(seen, "PoolReady").message())
                .contains("ConfigMap mine-pool is not of this resource", "delete or rename it");
        assertThat(cluster.client.configMaps().withName("mine-pool").get()).isEqualTo(theirs);

        cluster.client.configMaps().withName("mine-pool").delete();
        awaitThat("mine", r -> isTrue(r, "PoolReady"));
    }

    @Test
    void replicasWithoutAPoolAreFencedAndLeaveConfigMapsAlone() throws Exception {
        deployment("poolless", 1);
        ConfigMap theirs = configMap("poolless-pool");
        metrics.load("poolless", 100);
        cluster.create(resource(
                "poolless", "Apply", "objective: {request: {percentile: 95, under: 200ms}}", "replicas: {max: 3}"));

        awaitThat("poolless", r -> replicas("poolless") > 1);

        assertThat(cluster.client
                        .apps()
                        .deployments()
                        .withName("poolless")
                        .get()
                        .getMetadata()
                        .getAnnotations())
                .containsKey("headroom.dev/leader");
        assertThat(cluster.client.configMaps().withName("poolless-pool").get()).isEqualTo(theirs);
    }

    @Test
    void aStatefulSetIsScaledAndHeldWhileItRollsOut() throws Exception {
        statefulSet("stateful");
        metrics.load("stateful", 100);
        cluster.create(resource(
                "stateful",
                "Apply",
                "pool: {minPerReplica: 2, maxPerReplica: 8}",
                "objective: {request: {percentile: 95, under: 200ms}}",
                "replicas: {max: 3}"));

        awaitThat("stateful", r -> statefulSet().getSpec().getReplicas() > 1 && isTrue(r, "PoolReady"));
        assertThat(statefulSet().getMetadata().getAnnotations()).containsKey("headroom.dev/leader");

        cluster.client
                .apps()
                .statefulSets()
                .withName("stateful")
                .editStatus(set -> new StatefulSetBuilder(set)
                        .editOrNewStatus()
                        .withReplicas(1)
                        .withCurrentRevision("stateful-1")
                        .withUpdateRevision("stateful-2")
                        .endStatus()
                        .build());
        awaitThat("stateful", r -> condition(r, "ReplicasReady").message().contains("rollout"));
    }

    @Test
    void observeComputesEverythingAndWritesNothing() throws Exception {
        deployment("watched", 1);
        metrics.load("watched", 60);
        cluster.create(resource(
                "watched", "Observe", "pool: {}", "objective: {request: {under: 200ms}}", "replicas: {max: 5}"));

        DbPerformance seen = awaitThat(
                "watched",
                r -> reason(r, "ReplicasReady").equals("Observing")
                        && condition(r, "ReplicasReady").message().contains("scaling up from 1"));

        assertThat(condition(seen, "Ready").status()).isEqualTo(Truth.TRUE);
        assertThat(condition(seen, "PoolReady").message()).startsWith("would publish pool");
        assertThat(replicas("watched")).isEqualTo(1);
        assertThat(cluster.client.configMaps().withName("watched-pool").get()).isNull();
    }

    @Test
    void aDeletedResourceLeavesTheReplicas() throws Exception {
        deployment("left", 2);
        cluster.create(resource("left", "Apply", "pool: {}"));
        awaitThat("left", r -> isTrue(r, "PoolReady"));

        cluster.client.resources(DbPerformance.class).withName("left").delete();

        cluster.awaitGone("left");
        assertThat(replicas("left")).isEqualTo(2);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.client.v1().events().list().getItems())
                                .anySatisfy(event -> assertThat(event.getMessage())
                                        .contains("Deployment/left stays at 2 replicas")));
    }

    private DbPerformance resource(String name, String mode, String... sections) throws Exception {
        String kind = name.startsWith("stateful") ? "kind: StatefulSet, " : "";
        String target = "target: {" + kind + "name: " + name + "}";
        boolean ownMetrics = List.of(sections).stream().anyMatch(section -> section.startsWith("metrics:"));
        String port = ownMetrics ? "" : "metrics: {port: " + metrics.port() + ", interval: 1s}";
        String more =
                String.join("\n", target, port, String.join("\n", sections)).indent(2);
        return cluster.resource(name, mode, "ix_" + name, more);
    }

    private void deployment(String name, int replicas) {
        cluster.client
                .resource(Serialization.unmarshal("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: %1$s}
                        spec:
                          replicas: %2$d
                          selector: {matchLabels: {app: %1$s}}
                          template:
                            metadata: {labels: {app: %1$s}}
                            spec:
                              containers: [{name: app, image: none, resources: {limits: {cpu: 500m}}}]
                        """.formatted(name, replicas), Deployment.class))
                .create();
    }

    /** One of a single pod, which a controller would make. */
    private void statefulSet(String name) {
        StatefulSet set = cluster.client
                .resource(Serialization.unmarshal("""
                        apiVersion: apps/v1
                        kind: StatefulSet
                        metadata: {name: %1$s}
                        spec:
                          replicas: 1
                          serviceName: %1$s
                          selector: {matchLabels: {app: %1$s}}
                          template:
                            metadata: {labels: {app: %1$s}}
                            spec:
                              containers: [{name: app, image: none, resources: {limits: {cpu: 500m}}}]
                        """.formatted(name), StatefulSet.class))
                .create();
        Pod pod = cluster.client
                .pods()
                .resource(new PodBuilder()
                        .withNewMetadataLike(set.getSpec().getTemplate().getMetadata())
                        .withName(name + "-0")
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("StatefulSet")
                        .withName(name)
                        .withUid(set.getMetadata().getUid())
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withSpec(set.getSpec().getTemplate().getSpec())
                        .build())
                .create();
        cluster.client
                .pods()
                .resource(pod)
                .editStatus(each -> new PodBuilder(each)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP("127.2.0.1")
                        .withPodIPs(new PodIP("127.2.0.1"))
                        .withConditions(new PodConditionBuilder()
                                .withType("Ready")
                                .withStatus("True")
                                .withLastTransitionTime(each.getMetadata().getCreationTimestamp())
                                .build())
                        .endStatus()
                        .build());
    }

    private StatefulSet statefulSet() {
        return cluster.client.apps().statefulSets().withName("stateful").get();
    }

    /** As a person writes one for pods that follow it, with a generation that no clock reaches. */
    private ConfigMap configMap(String name) {
        return cluster.client
                .resource(Serialization.unmarshal("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: %s}
                        data: {pool: "generation=9000000000\\nmaximum-pool-size=4\\nminimum-idle=2\\n"}
                        """.formatted(name), ConfigMap.class))
                .create();
    }

    private int replicas(String deployment) {
        return cluster.client
                .apps()
                .deployments()
                .withName(deployment)
                .get()
                .getSpec()
                .getReplicas();
    }

    private List<Pod> pods(String app) {
        return cluster.client.pods().withLabel("app", app).list().getItems();
    }

    private DbPerformance awaitThat(String name, Predicate<DbPerformance> seen) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            DbPerformance resource = cluster.now(name);
            if (resource.getStatus() == null || !seen.test(resource)) {
                throw new AssertionError(Serialization.asYaml(resource.getStatus()));
            }
        });
        return cluster.now(name);
    }

    private static boolean isTrue(DbPerformance resource, String type) {
        return condition(resource, type).status() == Truth.TRUE;
    }

    private static String reason(DbPerformance resource, String type) {
        return condition(resource, type).reason();
    }

    private static Condition condition(DbPerformance resource, String type) {
        return resource.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }
}
