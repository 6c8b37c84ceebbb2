package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletions of resources whose database cannot be asked, with the patience that holds when nothing is set. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuickDeletionTest {

    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesClient client) throws Exception {
        cluster = TestCluster.patient(client);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /** With Retain nothing in the database has to be changed, so nothing there is worth waiting for. */
    @ParameterizedTest
    @ValueSource(strings = {"AuthenticationFailed", "DatabaseUnreachable", "silent"})
    void aDeletionWithRetainTakesFiveSecondsAtMostWhateverTheDatabaseDoes(String fault) throws Exception {
        String name = "quick-" + fault.toLowerCase(Locale.ROOT);
        DbPerformance resource = cluster.resource(name, "Apply", "ix_quick");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            switch (fault) {
                case "AuthenticationFailed" -> {
                    cluster.secret("wrong", "wrong");
                    cluster.create(TestCluster.withSecret(resource, "wrong"));
                }
                case "silent" -> cluster.create(TestCluster.elsewhere(resource, silent.getLocalPort()));
                default -> cluster.create(TestCluster.elsewhere(resource));
            }
            cluster.awaitReason(name, fault.equals("silent") ? "DatabaseUnreachable" : fault);

            Instant deleted = Instant.now();
            cluster.client.resource(cluster.now(name)).delete();
            cluster.awaitGone(name);

            // One more for the clock of the deletion, which has whole seconds, and for a busy machine.
            assertThat(Duration.between(deleted, Instant.now())).isLessThan(Duration.ofSeconds(7));
        }
    }
}
