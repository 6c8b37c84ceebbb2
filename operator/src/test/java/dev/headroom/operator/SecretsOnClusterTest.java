package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsOnClusterTest {

    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesClient client) throws Exception {
        cluster = TestCluster.looking(client, Duration.ofSeconds(2));
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aRotatedPasswordIsUsedByTheNextLook() throws Exception {
        String role = "rotated_" + cluster.database.name();
        cluster.sql("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'first-pw'");
        try (LoggedLines log = LoggedLines.ofAll()) {
            cluster.secret("rotated", Map.of("username", role, "password", "first-pw"));
            cluster.create(TestCluster.withSecret(cluster.resource("rotating", "Apply", "ix_rotating"), "rotated"));
            cluster.awaitReason("rotating", "IndexesValid");

            cluster.secret("rotated", Map.of("username", role, "password", "second-pw"));
            DbPerformance refused = cluster.awaitReason("rotating", "AuthenticationFailed");
            assertThat(TestCluster.ready(refused).status()).isEqualTo(Truth.UNKNOWN);
            assertThat(refused.getStatus().indexesValid())
                    .as("what was seen before stays")
                    .isEqualTo(1);

            cluster.sql("ALTER ROLE " + role + " PASSWORD 'second-pw'");
            cluster.awaitReason("rotating", "IndexesValid");
            cluster.sql("ALTER ROLE " + role + " PASSWORD 'third-pw'");
            cluster.sql("DROP INDEX ix_rotating");
            cluster.secret("rotated", Map.of("username", role, "password", "third-pw"));
            await().atMost(TestCluster.PATIENCE).until(() -> cluster.indexExists("ix_rotating"));
            cluster.awaitReason("rotating", "IndexesValid");
            assertNowhere("first-pw", "second-pw", "third-pw");
            assertThat(log.written()).anyMatch(line -> line.contains("rotating"));
            assertThat(String.join("\n", log.written())).doesNotContain("first-pw", "second-pw", "third-pw");
        } finally {
            cluster.client.resources(DbPerformance.class).withName("rotating").delete();
            cluster.awaitGone("rotating");
            cluster.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    @Test
    void aPasswordGoesOnlyToHostsThatItsSecretAllows() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            DbPerformance theft =
                    TestCluster.elsewhere(cluster.resource("theft", "Observe", "ix_theft"), stranger.getLocalPort());
            cluster.create(TestCluster.withHost(theft, "localhost"));

            DbPerformance refused = cluster.awaitReason("theft", "HostNotAllowed");

            assertThat(TestCluster.ready(refused).message())
                    .contains("is not for host localhost", "headroom.dev/hosts=localhost");
            stranger.setSoTimeout(1);
            assertThatThrownBy(stranger::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theSecretOfAnApplicationSaysWhereItsDatabaseIs() throws Exception {
        cluster.secret(
                "app",
                Map.of(
                        "user", cluster.database.user(),
                        "password", cluster.database.password(),
                        "host", cluster.database.host(),
                        "port", String.valueOf(cluster.database.port()),
                        "dbname", cluster.database.name()));
        cluster.create(TestCluster.withSecret(
                TestCluster.withoutPlace(cluster.resource("placed", "Apply", "ix_placed")), "app"));

        cluster.awaitReason("placed", "IndexesValid");
    }

    private void assertNowhere(String... passwords) {
        String events = Serialization.asYaml(cluster.client.v1().events().list());
        assertThat(events).doesNotContain(passwords);
        assertThat(Serialization.asYaml(cluster.now("rotating"))).doesNotContain(passwords);
    }
}
