package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
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
        cluster = TestCluster.start(client);
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aRotatedPasswordIsUsedByThePassThatItsSecretWakes() throws Exception {
        String role = "rotated_" + cluster.database.name();
        cluster.sql("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'first-pw'");
        try (LoggedLines log = LoggedLines.ofAll()) {
            cluster.secret("rotated", Map.of("username", role, "password", "first-pw"));
            cluster.create(TestCluster.withSecret(cluster.resource("rotating", "Apply", "ix_rotating"), "rotated"));
            cluster.awaitReason("rotating", "IndexesValid");

            // At rest the next look by itself is 24 s away or more: what is seen sooner was woken by the Secret.
            Instant changed = Instant.now();
            cluster.secret("rotated", Map.of("username", role, "password", "second-pw"));
            DbPerformance refused = cluster.awaitReason("rotating", "AuthenticationFailed");
            assertThat(Duration.between(changed, Instant.now())).isLessThan(Duration.ofSeconds(15));
            assertThat(TestCluster.ready(refused).status()).isEqualTo(Truth.UNKNOWN);
            assertThat(refused.getStatus().indexesReady())
                    .as("what was seen before stays")
                    .isEqualTo("1/1");

            cluster.sql("ALTER ROLE " + role + " PASSWORD 'second-pw'");
            cluster.awaitReason("rotating", "IndexesValid");
            cluster.sql("ALTER ROLE " + role + " PASSWORD 'third-pw'");
            cluster.sql("DROP INDEX ix_rotating");
            cluster.secret("rotated", Map.of("username", role, "password", "third-pw"));
            await().atMost(Duration.ofSeconds(15)).until(() -> cluster.indexExists("ix_rotating"));
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

    private void assertNowhere(String... passwords) {
        String events = Serialization.asYaml(cluster.client.v1().events().list());
        assertThat(events).doesNotContain(passwords);
        assertThat(Serialization.asYaml(cluster.now("rotating"))).doesNotContain(passwords);
    }
}
