package dev.headroom.testkit.kubernetes;

import dev.headroom.testkit.Skipped;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link KubernetesTest} does. */
final class KubernetesExtension implements BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace STORE =
            ExtensionContext.Namespace.create(KubernetesExtension.class);
    private static final Set<Class<?>> OFFERED =
            Set.of(KubernetesClient.class, KubernetesServer.class, DeploymentPlayer.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        place(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return OFFERED.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Place place = place(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == KubernetesClient.class) {
            return place.client;
        }
        return type == KubernetesServer.class ? KubernetesServer.ofThisRun() : place.player();
    }

    /** One per test class; a nested class shares that of the class around it. JUnit closes it at the end. */
    private static Place place(ExtensionContext context) {
        return context.getStore(STORE)
                .computeIfAbsent(Place.class, none -> new Place(context.getRequiredTestClass()), Place.class);
    }

    /** The namespace of a test class. */
    private static final class Place implements AutoCloseable {

        private final KubernetesClient client;
        private final @Nullable DeploymentPlayer player;

        Place(Class<?> test) {
            KubernetesServer server = KubernetesServer.ofThisRun();
            String name = test.getSimpleName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + "-"
                    + UUID.randomUUID().toString().substring(0, 8);
            client = server.client(name);
            client.namespaces()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
            player =
                    server.kind() == KubernetesServer.Kind.CLUSTER ? null : DeploymentPlayer.start(server.client(name));
        }

        DeploymentPlayer player() {
            if (player == null) {
                throw Skipped.because(
                        "it decides when Pods become ready, and on a cluster the cluster does",
                        "KUBEBUILDER_ASSETS=… or neither that nor TEST_KUBECONFIG");
            }
            return player;
        }

        @Override
        public void close() {
            if (player != null) {
                player.close();
            }
            client.namespaces().withName(client.getNamespace()).delete();
            client.close();
        }
    }
}
