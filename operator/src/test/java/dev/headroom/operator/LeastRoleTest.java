package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The operator as a user who has exactly the rights that its chart grants for all namespaces. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeastRoleTest {

    private ChartRoles roles;
    private KubernetesClient admin;
    private KubernetesClient operators;
    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesServer server, KubernetesClient client) throws Exception {
        admin = client;
        roles = ChartRoles.grant(server, client, manifest());
        operators = roles.client();
        cluster = TestCluster.startAs(client, operators);
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
            roles.close();
        }
    }

    @Test
    void itBuilds_reports_tells_andLetsGo() throws Exception {
        DbPerformance resource = cluster.resource("least", "Apply", "ix_least", "    removal: Drop");
        cluster.create(resource);
        cluster.awaitReason("least", "IndexesValid");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> admin.v1().events().list().getItems().stream()
                        .anyMatch(event -> event.getReason().equals("IndexesValid")
                                && event.getInvolvedObject().getName().equals("least")));
        assertThat(cluster.now("least").getMetadata().getFinalizers()).contains("headroom.dev/release");
        admin.resource(cluster.now("least")).delete();
        cluster.awaitGone("least");
        assertThat(cluster.indexExists("ix_least")).isFalse();
    }

    @Test
    void aLateSecretIsSeenWithoutAWatch() throws Exception {
        cluster.create(TestCluster.withSecret(cluster.resource("early", "Observe", "ix_early"), "late"));
        cluster.awaitReason("early", "SecretMissing");
        cluster.secret("late", cluster.database.password());
        cluster.awaitReason("early", "Observing");
    }

    @Test
    void itMayTakeTheLease() throws Exception {
        PrometheusMeterRegistry metrics = Metrics.registry();
        RunningOperator second = TestCluster.operator(operators, metrics, true, () -> {});
        try (second) {
            await().atMost(TestCluster.PATIENCE)
                    .until(() -> metrics.get("headroom.leader").gauge().value() == 1);
        }
    }

    @Test
    void itMayNotListSecretsNorDeleteTargetsNorSeeOtherKinds() {
        assertThatThrownBy(() -> operators.secrets().list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot list resource \"secrets\"");
        assertThatThrownBy(() -> operators.apps().deployments().withName("any").delete())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot delete resource \"deployments\"");
        assertThatThrownBy(() -> operators.apps().daemonSets().list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot list resource \"daemonsets\"");
    }

    @Test
    void itMayReadASecretOnlyByName() {
        assertThat(isAllowed("get")).isTrue();
        assertThat(isAllowed("watch")).isFalse();
        assertThat(isAllowed("list")).isFalse();
    }

    private boolean isAllowed(String verb) {
        SelfSubjectAccessReview review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withNamespace(admin.getNamespace())
                .withResource("secrets")
                .withVerb(verb)
                .endResourceAttributes()
                .endSpec()
                .build();
        return operators
                .authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }

    /** A manifest that the chart is rendered to; a test of the module charts keeps it up to date. */
    String manifest() {
        return ChartRoles.CLUSTER;
    }
}
