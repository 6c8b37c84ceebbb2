package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnClusterTest {

    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesClient client) throws Exception {
        cluster = TestCluster.start(client);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void observeChangesNothing_andTheStatusHasTheSql() throws Exception {
        cluster.create(cluster.resource("observed", "Observe", "ix_observed"));
        DbPerformance seen =
                cluster.awaitThat("observed", r -> !r.getStatus().indexes().isEmpty());
        assertThat(seen.getStatus().indexes().getFirst().sql())
                .anyMatch(sql -> sql.startsWith("CREATE INDEX CONCURRENTLY"));
        assertThat(seen.getStatus().indexesWanted()).isEqualTo(1);
        assertThat(seen.getStatus().indexesValid()).isEqualTo(0);
        assertThat(cluster.indexExists("ix_observed")).isFalse();
    }

    @Test
    void applyBuildsTheIndex_andReadySaysSo() throws Exception {
        cluster.create(cluster.resource("applied", "Apply", "ix_applied"));
        DbPerformance done = cluster.awaitReason("applied", "IndexesValid");
        assertThat(TestCluster.ready(done).status()).isEqualTo(Truth.TRUE);
        assertThat(TestCluster.ready(done).observedGeneration())
                .isEqualTo(done.getMetadata().getGeneration());
        assertThat(done.getStatus().indexesValid()).isEqualTo(1);
        assertThat(cluster.indexExists("ix_applied")).isTrue();
        assertThat(cluster.comment("ix_applied"))
                .contains("cluster="
                        + cluster.client
                                .namespaces()
                                .withName("kube-system")
                                .get()
                                .getMetadata()
                                .getUid());
    }

    @Test
    void atRestNothingIsWritten() throws Exception {
        cluster.create(cluster.resource("resting", "Apply", "ix_resting"));
        cluster.awaitReason("resting", "IndexesValid");
        settledVersion("resting");
        String since = TestCluster.ready(cluster.now("resting")).lastTransitionTime();
        // Times are in seconds: a new one has to be another one.
        await().atMost(TestCluster.PATIENCE)
                .until(() -> Instant.now().isAfter(Instant.parse(since).plusSeconds(2)));
        // Passes on purpose: the pause and its end are two, with other reasons, and True all the time.
        pause("resting", true);
        DbPerformance paused = cluster.awaitReason("resting", "Paused");
        pause("resting", false);
        DbPerformance again = cluster.awaitReason("resting", "IndexesValid");
        assertThat(TestCluster.ready(paused).lastTransitionTime()).isEqualTo(since);
        assertThat(TestCluster.ready(again).lastTransitionTime()).isEqualTo(since);
        String after = settledVersion("resting");
        await().during(Duration.ofSeconds(2))
                .atMost(TestCluster.PATIENCE)
                .until(() -> cluster.now("resting")
                        .getMetadata()
                        .getResourceVersion()
                        .equals(after));
    }

    @Test
    void aPausedResourceIsNotActedOn_andSaysSo() throws Exception {
        DbPerformance paused = cluster.resource("paused", "Apply", "ix_paused");
        paused.getMetadata().setAnnotations(Map.of(DbPerformance.PAUSED_ANNOTATION, "true"));
        cluster.create(paused);
        cluster.awaitReason("paused", "Paused");
        assertThat(cluster.indexExists("ix_paused")).isFalse();
        pause("paused", false);
        cluster.awaitReason("paused", "IndexesValid");
        assertThat(cluster.indexExists("ix_paused")).isTrue();
    }

    @Test
    void ofTwoThatDeclareOneIndexTheFirstWins_andTheOtherSaysWhose() throws Exception {
        cluster.create(cluster.resource("claim-a", "Apply", "ix_claimed"));
        cluster.awaitReason("claim-a", "IndexesValid");
        cluster.create(cluster.resource("claim-b", "Apply", "ix_claimed"));
        DbPerformance second = cluster.awaitThat(
                "claim-b", r -> r.getStatus().indexes().stream().anyMatch(index -> index.state() == State.CONFLICT));
        assertThat(second.getStatus().indexes().getFirst().message()).contains("claim-a");
        cluster.client.resource(cluster.now("claim-a")).delete();
        cluster.awaitReason("claim-b", "IndexesValid");
    }

    @Test
    void deletionLeavesTheIndex_orDropsItWhereToldTo() throws Exception {
        cluster.create(cluster.resource("kept", "Apply", "ix_kept"));
        cluster.create(cluster.resource("dropped", "Apply", "ix_dropped", "    removal: Drop"));
        cluster.awaitReason("kept", "IndexesValid");
        cluster.awaitReason("dropped", "IndexesValid");
        cluster.client.resource(cluster.now("kept")).delete();
        cluster.client.resource(cluster.now("dropped")).delete();
        cluster.awaitGone("kept");
        cluster.awaitGone("dropped");
        assertThat(cluster.indexExists("ix_kept")).isTrue();
        assertThat(cluster.indexExists("ix_dropped")).isFalse();
    }

    @Test
    void aDatabaseThatIsGoneDoesNotHoldADeletionForEver() throws Exception {
        DbPerformance lost = cluster.resource("lost", "Apply", "ix_lost", "    removal: Drop");
        cluster.create(TestCluster.elsewhere(lost));
        cluster.awaitReason("lost", "DatabaseUnreachable");
        cluster.client.resource(cluster.now("lost")).delete();
        cluster.awaitGone("lost");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.client.v1().events().list().getItems().stream()
                        .anyMatch(event -> event.getReason().equals("CleanupGivenUp")));
    }

    @Test
    void aMissingSecretIsNamed_andItsArrivalIsSeenAtOnce() throws Exception {
        DbPerformance early = TestCluster.withSecret(cluster.resource("early", "Observe", "ix_early"), "late");
        cluster.create(early);
        DbPerformance seen = cluster.awaitReason("early", "SecretMissing");
        assertThat(TestCluster.ready(seen).message()).contains("late");
        cluster.secret("late", cluster.database.password());
        cluster.awaitThat("early", r -> r.getStatus().indexes().size() == 1);
    }

    @Test
    void healthAndMetricsAnswer() throws Exception {
        assertThat(get("/healthz")).isEqualTo("ok\n");
        assertThat(get("/readyz")).isEqualTo("ok\n");
        assertThat(get("/metrics"))
                .contains("headroom_status_patches_total", "headroom_database_connections ", "\nheadroom_leader 1.0\n");
        cluster.create(cluster.resource("counted", "Apply", "ix_counted"));
        cluster.awaitReason("counted", "IndexesValid");
        assertThat(get("/metrics"))
                .containsPattern("headroom_index_work_started_total\\{work=\"build\"} [1-9]")
                .containsPattern("headroom_index_work_duration_seconds_count\\{.*outcome=\"done\".*} [1-9]")
                .containsPattern("headroom_reconcile_duration_seconds_bucket\\{outcome=\"saw\",le=\"7200.0\"} [1-9]");
    }

    @Test
    void theFrameworksQueueAndRetriesAreMeasured() throws Exception {
        cluster.create(cluster.resource("queued", "Observe", "ix_queued"));

        cluster.awaitReason("queued", "Observing");

        assertThat(get("/metrics"))
                .contains("operator_sdk_reconciliations_queue_size_")
                .contains("operator_sdk_reconciliations_executions_")
                .containsPattern("operator_sdk_reconciliations_started_total\\{.*} [1-9]")
                .containsPattern("operator_sdk_events_received_total\\{.*} [1-9]")
                .contains("process_resident_memory_bytes ", "process_cpu_seconds_total ", "jvm_memory_used_bytes{");
    }

    private String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + cluster.adminPort() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void pause(String name, boolean paused) {
        cluster.edit(name, r -> {
            r.getMetadata().setAnnotations(Map.of(DbPerformance.PAUSED_ANNOTATION, Boolean.toString(paused)));
            return r;
        });
    }

    /** The version once it has stood still for a second. */
    private String settledVersion(String name) {
        await().during(Duration.ofSeconds(1))
                .atMost(TestCluster.PATIENCE)
                .until(new Still(() -> cluster.now(name).getMetadata().getResourceVersion()));
        return cluster.now(name).getMetadata().getResourceVersion();
    }

    /** True as long as a value is what it was at the last look. */
    private static final class Still implements java.util.concurrent.Callable<Boolean> {
        private final java.util.function.Supplier<String> value;
        private String last = "";

        Still(java.util.function.Supplier<String> value) {
            this.value = value;
        }

        @Override
        public Boolean call() {
            String now = value.get();
            boolean still = now.equals(last);
            last = now;
            return still;
        }
    }
}
