package dev.headroom.charts.e2e;

import static dev.headroom.charts.e2e.Promise.eventually;
import static dev.headroom.charts.e2e.Promise.print;
import static dev.headroom.charts.e2e.Promise.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headroom.charts.e2e.ProgramPod.Requests;
import dev.headroom.testkit.Skipped;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Both programs on the cluster of the current kubeconfig, from the installation through faults to the end, as {@code make
 * e2e} runs it. The steps build on each other. It needs a cluster of its own and takes about ten minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {

    private static final int OBJECTIVE_MILLIS = 200;

    /** Requests a second that one pod answers with ease. */
    private static final int CALM = 20;

    /** Requests a second that one pod cannot answer. */
    private static final int PEAK = 120;

    private Installation shop;
    private Cluster cluster;

    @BeforeAll
    void connect(@TempDir Path folder) throws Exception {
        if (!Boolean.getBoolean("headroom.e2e")) {
            throw Skipped.because("it needs a cluster of its own and ten minutes", "make e2e");
        }
        cluster = new Cluster();
        Installation installation = new Installation(cluster, folder);
        installation.requireEmptyCluster();
        shop = installation; // from now on the clean-up deletes what is there
    }

    @BeforeEach
    void title(TestInfo step) {
        System.out.printf("%n%s%n", step.getDisplayName());
    }

    /** What went wrong is told at once, with what the cluster looked like then. */
    @RegisterExtension
    final AfterTestExecutionCallback tellFailure =
            step -> step.getExecutionException().ifPresent(failure -> {
                print("FAIL", String.valueOf(failure.getMessage()));
                if (shop != null && !(failure instanceof TestAbortedException)) {
                    System.out.println(shop.describe());
                }
            });

    @AfterAll
    void cleanUp() {
        if (shop != null) {
            shop.cleanUp();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("Install the operator over an earlier definition with a resource")
    void installOperator() throws Exception {
        shop.createNamespaces();
        shop.applyPreviousDefinition();
        cluster.apply(Installation.SHOP, shop.example("statehub"));

        Instant start = Instant.now();
        shop.installOperator();
        Promise.kept(30, Duration.between(start, Instant.now()), "helm install --wait of the operator");

        within(20, "one of two operators leads", () -> !shop.leader().isEmpty());
        assertThat(shop.definition().toString())
                .as("the definition is the chart's")
                .contains("maxPerReplica");
        assertThat(cluster.dbPerformance(Installation.SHOP, "statehub")
                        .require()
                        .toString())
                .as("the resource kept what it declares")
                .contains("ix_progress_events_topic_newest");
    }

    @Test
    @Order(2)
    @DisplayName("Install the service with sample data")
    void installService() throws Exception {
        Instant start = Instant.now();
        shop.installService();
        Promise.kept(30, Duration.between(start, Instant.now()), "helm install --wait of the service, to serving");

        Pod pod = cluster.readyPods(Installation.SHOP, "service").getFirst();
        assertThat(cluster.get(pod, 8080, "/tasks/")).startsWith("[{");
        assertThat(cluster.get(pod, 8080, "/shop/orders"))
                .as("a catalog from values")
                .startsWith("[{");
    }

    @Test
    @Order(3)
    @DisplayName("kubectl apply -f examples/statehub.yaml: Ready, indexes valid")
    void applyExample() {
        ObjectNode example = shop.example("statehub");
        List<String> declared = new ArrayList<>();
        example.at("/spec/indexes/declared")
                .forEach(index -> declared.add(index.get("name").asText()));

        cluster.patch(Installation.SHOP, "statehub", "{\"spec\":{\"mode\":\"Apply\"}}");

        within(30, "the resource is Ready", () -> cluster.isTrue(Installation.SHOP, "statehub", "Ready"));
        within(
                60,
                declared.size() + " indexes are valid",
                () -> shop.database.validIndexes().containsAll(declared));
        within(
                30,
                "the resource of the service's chart is Ready",
                () -> cluster.isTrue(Installation.SHOP, "shop", "Ready"));
    }

    @Test
    @Order(4)
    @DisplayName("Pool sizes come into force on every pod")
    void resizePools() {
        eventually(90, "a size is published and in force", () -> shop.poolGeneration() > 0 && shop.isPoolInForce());
        long before = shop.poolGeneration();

        cluster.patch(Installation.SHOP, "shop", "{\"spec\":{\"pool\":{\"minPerReplica\":5}}}");
        eventually(60, "another size is published", () -> shop.poolGeneration() > before);

        within(3, "the size of the decision is in force on every pod", shop::isPoolInForce);
        cluster.patch(Installation.SHOP, "shop", "{\"spec\":{\"pool\":{\"minPerReplica\":2}}}");
    }

    @Test
    @Order(5)
    @DisplayName("Upgrade both charts under load")
    void upgrade() throws Exception {
        try (ProgramPod load = shop.requests("upgrade", "/workstreams/", CALM)) {
            awaitRequests(load, 40);
            shop.upgradeOperator(Map.of("podAnnotations.e2e", "upgraded"));
            // The processor of a pod is what the next steps are about.
            shop.upgradeService(Map.of(
                    "resources.limits.cpu",
                    "250m",
                    "resources.requests.cpu",
                    "100m",
                    "podAnnotations.e2e",
                    "upgraded"));
            awaitRequests(load, load.count() + 10 * CALM);
            assertNoneFailed(load, 0);
        }
        assertThat(shop.programPods())
                .as("pods of the two programs")
                .isNotEmpty()
                .allMatch(pod ->
                        "upgraded".equals(pod.getMetadata().getAnnotations().get("e2e")));
    }

    @Test
    @Order(6)
    @DisplayName("Load: replicas come, latency falls under the objective, replicas go")
    void scale() {
        eventually(90, "the service has its fewest replicas", () -> shop.replicas() == 1 && shop.readyReplicas() == 1);
        try (ProgramPod load = shop.requests("peak", "/shop/orders", CALM, PEAK)) {
            within(90, "the operator asks for more replicas", () -> shop.replicas() > 1);
            within(150, "more pods are ready", () -> shop.readyReplicas() > 1);
            within(60, "p95 of ten seconds is under the objective", () -> {
                int before = load.count();
                eventually(30, "ten seconds of requests", () -> load.count() >= before + 10 * PEAK);
                return load.requests(before).p95Millis() <= OBJECTIVE_MILLIS;
            });
            assertThat(shop.database.connections())
                    .as("connections of the pods")
                    .isBetween(1, shop.granted());
            assertNoneFailed(load, 0);
        }
        within(180, "one replica is left after the load", () -> shop.replicas() == 1);
    }

    @Test
    @Order(7)
    @DisplayName("The leader is killed in mid-build")
    void killLeader() throws Exception {
        shop.createBigTable();
        cluster.patch(Installation.SHOP, "big", "{\"spec\":{\"mode\":\"Apply\"}}");
        eventually(60, "the build runs", () -> shop.database.isBuilding());
        String leader = shop.leader();

        Instant killed = Instant.now();
        shop.kill(leader);

        within(
                20,
                killed,
                "another operator leads",
                () -> !shop.leader().isEmpty() && !shop.leader().equals(leader));
        eventually(180, "the index is valid", () -> shop.database.validIndexes().contains("ix_big_text"));
        assertThat(shop.database.invalidIndexes()).isEmpty();
        eventually(60, "the resource is Ready", () -> cluster.isTrue(Installation.SHOP, "big", "Ready"));
    }

    @Test
    @Order(8)
    @DisplayName("A node is drained")
    void drain() throws Exception {
        shop.upgradeService(Map.of("performance.spec.replicas.min", 2));
        eventually(90, "two pods are ready", () -> shop.readyReplicas() == 2);
        try (ProgramPod load = shop.requests("drain", "/workstreams/", CALM)) {
            awaitRequests(load, 40);
            List<String> evicted = shop.drain();
            print("", "evicted: " + evicted);
            eventually(
                    120,
                    "as many other pods are ready",
                    () -> shop.programPods().size() == 4
                            && shop.programPods().stream()
                                    .allMatch(pod -> Cluster.isReady(pod)
                                            && !evicted.contains(
                                                    pod.getMetadata().getName())));
            awaitRequests(load, load.count() + 5 * CALM);
            assertNoneFailed(load, 0);
        }
        eventually(60, "an operator leads", () -> !shop.leader().isEmpty());
    }

    @Test
    @Order(9)
    @DisplayName("Redis is killed")
    void killRedis() {
        try (ProgramPod load = shop.requests("redis", "/workstreams/", CALM)) {
            awaitRequests(load, 40);
            shop.stopRedis();
            within(30, "Redis is back", () -> shop.isServerReady("redis", 1));
            awaitRequests(load, load.count() + 5 * CALM);
            assertNoneFailed(load, 0);
        }
    }

    @Test
    @Order(10)
    @DisplayName("PostgreSQL is restarted")
    void restartPostgres() {
        int restarts = shop.serviceRestarts();
        try (ProgramPod load = shop.requests("postgres", "/workstreams/", CALM)) {
            awaitRequests(load, 40);
            shop.stopPostgres();
            within(30, "PostgreSQL is back", () -> shop.isServerReady("postgres", 1));
            within(15, "every pod is ready again", () -> shop.readyReplicas() == shop.replicas());
            int back = load.count();
            awaitRequests(load, back + 10 * CALM);
            assertNoneFailed(load, back + CALM);
            Requests all = load.requests(0);
            print(
                    "",
                    "%d of %d requests failed while it was away"
                            .formatted(all.failures().size(), load.count()));
        }
        within(
                60,
                "the resources are Ready",
                () -> cluster.isTrue(Installation.SHOP, "statehub", "Ready")
                        && cluster.isTrue(Installation.SHOP, "shop", "Ready"));
        assertThat(shop.serviceRestarts()).as("restarts of the service's pods").isEqualTo(restarts);
    }

    @Test
    @Order(11)
    @DisplayName("Network policies hold")
    void networkPolicies() {
        List<String> closed = shop.closedToStrangers();
        List<String> reached = shop.reachedByStranger(closed);

        assertThat(reached).as("requests are for everybody").contains("shop." + Installation.SHOP + ":80");
        if (reached.containsAll(closed)) {
            throw Skipped.because(
                    "this cluster's network enforces no NetworkPolicy",
                    "a cluster that does, such as kind's own network");
        }
        assertThat(reached).doesNotContainAnyElementsOf(closed);
        print("ok", "closed to other pods: " + closed);
    }

    @Test
    @Order(12)
    @DisplayName("Uninstall: the database keeps its indexes, the cluster nothing")
    void uninstall() {
        List<String> before = shop.database.validIndexes();
        for (String name : List.of("statehub", "big", "shop")) {
            cluster.dbPerformance(Installation.SHOP, name).delete();
        }
        within(30, "the resources are gone", () -> shop.resources().isEmpty());
        assertThat(shop.database.validIndexes()).as("indexes stay").containsAll(before);
        assertThat(shop.database.invalidIndexes()).isEmpty();

        cluster.uninstall("shop", Installation.SHOP);
        cluster.uninstall("headroom-operator", Installation.OPERATOR);
        eventually(120, "pods are gone", () -> shop.pods().isEmpty());

        assertThat(shop.leftOver()).isEmpty();
    }

    private static void awaitRequests(ProgramPod load, int count) {
        eventually(60, count + " requests have ended", () -> load.count() >= count);
    }

    private static void assertNoneFailed(ProgramPod load, int withoutFirst) {
        Requests requests = load.requests(withoutFirst);
        assertThat(requests.failures()).as("requests that failed, by outcome").isEmpty();
        print("ok", "%d requests, 0 failed, p95 %d ms".formatted(requests.answered(), requests.p95Millis()));
    }
}
