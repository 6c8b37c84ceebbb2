package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The operator as a user who has exactly the rights of src/main/k8s/role.yaml. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeastRoleTest {

    private static final String USER = "headroom-least";

    private KubernetesClient admin;
    private KubernetesClient operators;
    private TestCluster cluster;

    @BeforeAll
    void start(KubernetesServer server, KubernetesClient client) throws Exception {
        admin = client;
        operators = server.clientAs(client.getNamespace(), USER, "system:authenticated");
        grant();
        cluster = TestCluster.startAs(client, operators);
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
            operators.close();
            admin.rbac().clusterRoleBindings().withName(USER).delete();
            admin.rbac().clusterRoles().withName("headroom-operator").delete();
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
    void itMayNotListSecretsNorChangeASpecOfAnybodyElsesKind() {
        assertThatThrownBy(() -> operators.secrets().list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot list resource \"secrets\"");
        assertThatThrownBy(() -> operators.apps().deployments().list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("cannot list");
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

    private void grant() throws IOException {
        List<HasMetadata> roles = admin.load(Files.newInputStream(Path.of("src/main/k8s/role.yaml")))
                .items();
        for (HasMetadata role : roles) {
            boolean everywhere = role instanceof ClusterRole;
            if (!everywhere) {
                role.getMetadata().setNamespace(admin.getNamespace());
            }
            admin.resource(role).createOr(existing -> existing.update());
            if (everywhere) {
                admin.resource(new ClusterRoleBindingBuilder()
                                .withNewMetadata()
                                .withName(USER)
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name(role))
                                .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                                .build())
                        .create();
            } else {
                admin.resource(new RoleBindingBuilder()
                                .withNewMetadata()
                                .withName(USER)
                                .withNamespace(admin.getNamespace())
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name(role))
                                .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                                .build())
                        .create();
            }
        }
    }

    private static String name(HasMetadata role) {
        return role.getMetadata().getName();
    }
}
