package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.database.TestAuthority;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KubernetesTest
class TlsOnClusterTest {

    @Test
    void theCaSecretDecidesWhomToTrust_andAnotherCaIsSeenAtTheNextTry(KubernetesClient client, @TempDir Path folder)
            throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("ours.p12"), "Ours");
        TestAuthority stranger = new TestAuthority(folder.resolve("theirs.p12"), "Theirs");
        try (PostgresServer server = TestPostgres.server()) {
            authority.certify(server, "ip:127.0.0.1");
            try (TestCluster cluster = TestCluster.start(client, server.database())) {
                cluster.secret("ca", Map.of("ca.crt", stranger.pem()));
                cluster.create(verified(cluster.resource("tls", "Apply", "ix_tls")));
                DbPerformance refused = cluster.awaitReason("tls", "TlsFailed");
                assertThat(TestCluster.ready(refused).status()).isEqualTo(Truth.UNKNOWN);
                assertThat(TestCluster.ready(refused).message()).contains("CA secret");
                cluster.secret("ca", Map.of("ca.crt", authority.pem()));
                cluster.awaitReason("tls", "IndexesValid");
                assertThat(cluster.indexExists("ix_tls")).isTrue();
            }
        }
    }

    private static DbPerformance verified(DbPerformance resource) {
        String yaml = Serialization.asYaml(resource)
                .replaceFirst("(?s)tls:\\s+mode: \"?prefer\"?", "tls: {mode: verify-full, caSecretRef: {name: ca}}");
        assertThat(yaml).contains("verify-full");
        return Serialization.unmarshal(yaml, DbPerformance.class);
    }
}
