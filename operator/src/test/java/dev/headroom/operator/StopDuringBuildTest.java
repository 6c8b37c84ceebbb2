package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@KubernetesTest
class StopDuringBuildTest {

    @Test
    void theBuildIsCancelled_nothingBrokenStays_andTheNextOperatorFinishesIt(KubernetesClient client) throws Exception {
        TestCluster first = TestCluster.start(client);
        first.create(first.slow("stopped", "ix_stopped", 6000));
        first.awaitThat(
                "stopped", r -> r.getStatus().indexes().stream().anyMatch(index -> index.state() == State.BUILDING));
        await().atMost(TestCluster.PATIENCE).until(() -> first.count(BUILDING) == 1);

        Instant asked = Instant.now();
        first.stopOperator();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(first.count(BUILDING)).isZero();
        assertThat(first.count("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
        assertThat(first.count(SESSIONS)).isZero();

        first.sql("DELETE FROM ix_stopped_of WHERE id > 50");
        try (TestCluster second = TestCluster.start(client, first.database)) {
            second.awaitReason("stopped", "IndexesValid");
            assertThat(second.indexExists("ix_stopped")).isTrue();
        }
    }

    private static final String BUILDING = "SELECT count(*) FROM pg_stat_progress_create_index";
    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE"
                    + " 'headroom-operator%'";
}
