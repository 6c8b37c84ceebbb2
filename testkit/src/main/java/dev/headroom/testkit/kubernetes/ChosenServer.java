package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one API server that all tests of this JVM share. */
final class ChosenServer {

    private static @Nullable KubernetesServer chosen;

    private ChosenServer() {}

    static synchronized KubernetesServer get() {
        if (chosen == null) {
            chosen = from(System.getenv());
            System.out.println("Kubernetes tests run on " + chosen.description());
        }
        return chosen;
    }

    static KubernetesServer from(Map<String, String> environment) {
        String kubeconfig = environment.getOrDefault("TEST_KUBECONFIG", "");
        if (!kubeconfig.isBlank()) {
            return GivenCluster.of(file("TEST_KUBECONFIG", Path.of(kubeconfig)));
        }
        String assets = environment.getOrDefault("KUBEBUILDER_ASSETS", "");
        if (!assets.isBlank()) {
            for (String program : List.of("etcd", "kube-apiserver")) {
                file("KUBEBUILDER_ASSETS", Path.of(assets, program));
            }
            return ApiServerProcess.start(Path.of(assets));
        }
        return new InProcessServer();
    }

    private static Path file(String variable, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException(variable + ": there is no file " + file.toAbsolutePath());
        }
        return file;
    }

    /** A cluster that somebody else runs. */
    record GivenCluster(Path kubeconfig, Config admin) implements KubernetesServer {

        static GivenCluster of(Path kubeconfig) {
            return new GivenCluster(kubeconfig, Config.fromKubeconfig(kubeconfig.toFile()));
        }

        @Override
        public Kind kind() {
            return Kind.CLUSTER;
        }

        @Override
        public String description() {
            return "the cluster of TEST_KUBECONFIG=" + kubeconfig + ", " + admin.getMasterUrl();
        }
    }
}
