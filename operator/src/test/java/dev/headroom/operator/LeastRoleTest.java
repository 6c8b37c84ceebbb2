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
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The operator as a user who has exactly the rights that its chart grants for all namespaces. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeastRoleTest {

    private static final String USER = "headroom-least";

    private final List<HasMetadata> granted = new ArrayList<>();
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
    void stop() throws Exception {}

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
        return "minimal.yaml";
    }

    private void grant() throws IOException {
        Path manifest = Path.of("../charts/src/test/golden/headroom-operator", manifest());
        for (HasMetadata object : admin.load(Files.newInputStream(manifest)).items()) {
            // view and edit are for people, and the chart's second namespace is of no use here.
            boolean ofTheOperator = !name(object).matches(".*-(view|edit)")
                    && !"statehub".equals(object.getMetadata().getNamespace());
            if (ofTheOperator && object instanceof ClusterRole) {
                create(object);
                create(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name(object))
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name(object))
                        .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                        .build());
            } else if (ofTheOperator && object instanceof Role role) {
                role.getMetadata().setNamespace(admin.getNamespace());
                role.getRules().forEach(rule -> rule.setResourceNames(List.of())); // Secrets have other names here
                create(role);
                create(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name(object))
                        .withNamespace(admin.getNamespace())
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", name(object))
                        .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                        .build());
            }
        }
    }

    private void create(HasMetadata object) {
        admin.resource(object).createOr(existing -> existing.update());
        granted.add(object);
    }

    private static String name(HasMetadata role) {
        return role.getMetadata().getName();
    }
}
