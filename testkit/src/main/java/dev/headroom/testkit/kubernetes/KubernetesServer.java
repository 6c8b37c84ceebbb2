package dev.headroom.testkit.kubernetes;

import dev.headroom.testkit.Skipped;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/**
 * The API server of this test run: the cluster of {@code TEST_KUBECONFIG}; or else a kube-apiserver with etcd started from
 * {@code KUBEBUILDER_ASSETS}; or else fabric8's, in this JVM.
 */
public interface KubernetesServer {

    /** How far the answers of this server can be trusted, best first. */
    enum Kind {
        /** Everything is real: nodes, controllers, schedulers. */
        CLUSTER,
        /** The real API (validation, RBAC, server-side apply), but nobody who acts on it. */
        API_SERVER,
        /** Objects are stored and watched, and that is all. */
        IN_PROCESS
    }

    /** The same for all tests of this JVM; started at the first call. */
    static KubernetesServer ofThisRun() {
        return ChosenServer.get();
    }

    Kind kind();

    /** In words, for the log of the run. */
    String description();

    /** An administrator's way in; to be completed with a namespace and, maybe, a user to act as. */
    Config admin();

    default KubernetesClient client(String namespace) {
        return client(new ConfigBuilder(admin()).withNamespace(namespace).build());
    }

    /** A client that may do what this user, with these groups, may do. */
    default KubernetesClient clientAs(String namespace, String user, String... groups) {
        requireRealApi("it is about permissions");
        return client(new ConfigBuilder(admin())
                .withNamespace(namespace)
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build());
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Skips a test that an API server which only stores objects would let pass, or fail, for the wrong reason. */
    default void requireRealApi(String reason) {
        if (kind() == Kind.IN_PROCESS) {
            throw Skipped.because(
                    reason + ", and the API server inside this JVM only stores objects",
                    "KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd> (setup-envtest use -p path) or TEST_KUBECONFIG=…");
        }
    }
}
