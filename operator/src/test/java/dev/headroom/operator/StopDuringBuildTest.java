package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@KubernetesTest
class StopDuringBuildTest {

    @Test
    void theBuildIsCancelled_nothingBrokenStays_andTheNextOperatorFinishesIt(KubernetesClient client) throws Exception {
        TestCluster first = TestCluster.start(client);
        // Takes a minute: 6000 rows of 10 ms.
        first.sql("CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'");
        DbPerformance resource = first.resource("stopped", "Apply", "ix_stopped");
        first.sql("INSERT INTO ix_stopped_of SELECT i, i FROM generate_series(1, 6000) i");
        first.create(Serialization.unmarshal(
                Serialization.asYaml(resource)
                        .replaceFirst("keys: \\[]", "")
                        .replaceFirst("columns:\\s*- \"?status\"?", "keys: [{expression: slow(id)}]"),
                DbPerformance.class));
        first.awaitThat(
                "stopped", r -> r.getStatus().indexes().stream().anyMatch(index -> index.state() == State.BUILDING));
        await().atMost(TestCluster.PATIENCE).until(() -> count(first, BUILDING) == 1);

        Instant asked = Instant.now();
        first.stopOperator();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(count(first, BUILDING)).isZero();
        assertThat(count(first, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
        assertThat(count(first, SESSIONS)).isZero();

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

    private static long count(TestCluster cluster, String sql) throws SQLException {
        try (Connection connection = cluster.database.connect();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
