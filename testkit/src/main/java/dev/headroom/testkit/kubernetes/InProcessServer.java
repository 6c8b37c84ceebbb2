package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.HashMap;

/** fabric8's API server in this JVM: it needs nothing, stores and watches objects, and judges none of them. */
final class InProcessServer implements KubernetesServer {

    private final Config admin;

    InProcessServer() {
        KubernetesMockServer server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new ApplyingDispatcher(), false);
        server.init();
        this.admin = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url("/").toString())
                .build();
        addSystemNamespace();
    }

    private void addSystemNamespace() {
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(admin).build()) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("kube-system")
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    @Override
    public Kind kind() {
        return Kind.IN_PROCESS;
    }

    @Override
    public String description() {
        return "fabric8's API server in this JVM (no validation, no RBAC); set KUBEBUILDER_ASSETS or TEST_KUBECONFIG for"
                + " a real one";
    }

    @Override
    public Config admin() {
        return admin;
    }
}
