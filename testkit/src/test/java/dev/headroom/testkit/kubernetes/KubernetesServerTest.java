package dev.headroom.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@KubernetesTest
class KubernetesServerTest {

    @Test
    void aTestClassHasANamespaceOfItsOwn(KubernetesClient client) {
        assertThat(client.getNamespace()).startsWith("kubernetesservertest-");
        assertThat(client.namespaces().withName(client.getNamespace()).get()).isNotNull();
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("m")
                .endMetadata()
                .build();
        client.configMaps().resource(map).create();
        assertThat(client.configMaps().withName("m").get().getMetadata().getNamespace())
                .isEqualTo(client.getNamespace());
    }

    @Nested
    class NestedTest {
        @Test
        void aNestedClassSharesTheNamespaceOfTheClassAroundIt(KubernetesClient client) {
            assertThat(client.getNamespace()).startsWith("kubernetesservertest-");
        }
    }

    @Test
    void aUserMayDoWhatIsGrantedAndNothingElse(KubernetesServer server, KubernetesClient admin) {
        try (KubernetesClient ann = server.clientAs(admin.getNamespace(), "ann", "viewers")) {
            assertThatThrownBy(() -> ann.configMaps().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN));
            // Not the built-in role "view": it is an aggregation that a controller fills.
            admin.rbac()
                    .roles()
                    .resource(new RoleBuilder()
                            .withNewMetadata()
                            .withName("viewer")
                            .endMetadata()
                            .addNewRule()
                            .withApiGroups("")
                            .withResources("configmaps")
                            .withVerbs("list")
                            .endRule()
                            .build())
                    .create();
            admin.rbac()
                    .roleBindings()
                    .resource(new RoleBindingBuilder()
                            .withNewMetadata()
                            .withName("viewers")
                            .endMetadata()
                            .withNewRoleRef("rbac.authorization.k8s.io", "Role", "viewer")
                            .addNewSubject("rbac.authorization.k8s.io", "Group", "viewers", null)
                            .build())
                    .create();
            await().ignoreExceptions().until(() -> ann.configMaps().list() != null);
        }
    }

    @Test
    void aSettingThatPointsNowhereIsAnErrorAndNotAnotherServer() {
        assertThatThrownBy(() -> KubernetesServer.from(Map.of("TEST_KUBECONFIG", "/nowhere/config")))
                .hasMessage("TEST_KUBECONFIG: there is no file /nowhere/config");
        assertThatThrownBy(() -> KubernetesServer.from(Map.of("KUBEBUILDER_ASSETS", "/nowhere")))
                .hasMessage("KUBEBUILDER_ASSETS: there is no file /nowhere/etcd");
    }
}
