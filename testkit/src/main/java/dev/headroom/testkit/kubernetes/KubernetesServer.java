package dev.headroom.testkit.kubernetes;

import dev.headroom.testkit.Skipped;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The API server of this test run: the cluster of {@code TEST_KUBECONFIG}; or else a kube-apiserver with etcd started from
 * {@code KUBEBUILDER_ASSETS}; or else fabric8's, in this JVM.
 *
 * @param description in words, for the log of the run
 * @param admin an administrator's way in; to be completed with a namespace and, maybe, a user to act as
 */
public record KubernetesServer(Kind kind, String description, Config admin) {

    /** How far the answers of this server can be trusted, best first. */
    public enum Kind {
        /** Everything is real: nodes, controllers, schedulers. */
        CLUSTER,
        /** The real API (validation, RBAC, server-side apply), but nobody who acts on it. */
        API_SERVER,
        /** Objects are stored and watched, and that is all. */
        IN_PROCESS
    }

    /** Started at the first call, once in this JVM. */
    private static final class OfThisRun {
        static final KubernetesServer SERVER = from(System.getenv());

        static {
            System.out.println("Kubernetes tests run on " + SERVER.description());
        }
    }

    /** The same for all tests of this JVM. */
    public static KubernetesServer ofThisRun() {
        return OfThisRun.SERVER;
    }

    static KubernetesServer from(Map<String, String> environment) {
        String kubeconfig = environment.getOrDefault("TEST_KUBECONFIG", "");
        if (!kubeconfig.isBlank()) {
            Config config = Config.fromKubeconfig(
                    file("TEST_KUBECONFIG", Path.of(kubeconfig)).toFile());
            return new KubernetesServer(
                    Kind.CLUSTER,
                    "the cluster of TEST_KUBECONFIG=" + kubeconfig + ", " + config.getMasterUrl(),
                    config);
        }
        String assets = environment.getOrDefault("KUBEBUILDER_ASSETS", "");
        if (!assets.isBlank()) {
            List.of("etcd", "kube-apiserver").forEach(program -> file("KUBEBUILDER_ASSETS", Path.of(assets, program)));
            return ApiServerProcess.start(Path.of(assets));
        }
        return InProcessServer.start();
    }

    private static Path file(String variable, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException(variable + ": there is no file " + file.toAbsolutePath());
        }
        return file;
    }

    public KubernetesClient client(String namespace) {
        return client(new ConfigBuilder(admin).withNamespace(namespace).build());
    }

    /** A client of a namespace that it makes. */
    KubernetesClient createNamespace(String name) {
        KubernetesClient client = client(name);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return client;
    }

    /** A client that may do what this user, with these groups, may do. */
    public KubernetesClient clientAs(String namespace, String user, String... groups) {
        requireRealApi("it is about permissions");
        return client(new ConfigBuilder(admin)
                .withNamespace(namespace)
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build());
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Skips a test that an API server which only stores objects would let pass, or fail, for the wrong reason. */
    public void requireRealApi(String reason) {
        if (kind == Kind.IN_PROCESS) {
            throw Skipped.because(
                    reason + ", and the API server inside this JVM only stores objects",
                    "KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd> (setup-envtest use -p path) or TEST_KUBECONFIG=…");
        }
    }
}
