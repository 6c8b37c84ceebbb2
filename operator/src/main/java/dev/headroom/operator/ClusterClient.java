package dev.headroom.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.cli.Refusal;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.ResourceNotFoundException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The operator's way to the API server: the service account's in a pod, the kubeconfig's elsewhere.
 *
 * <p>Few retries of single requests: the reconciler tries again anyway, and tells in the status. HTTP/1.1, so that nothing
 * that waits, as a watch does, stands in the way of the lease.
 */
final class ClusterClient {

    private static final int REQUEST_RETRIES = 3;
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private ClusterClient() {}

    /**
     * Opens a client and asks the API server once.
     *
     * @throws Refusal when it does not answer, with one sentence that says why
     */
    static KubernetesClient open() {
        String source =
                source(System.getenv("KUBECONFIG"), Path.of(System.getProperty("user.home"), ".kube", "config"));
        Config config = config(source);
        KubernetesClient client = client(config);
        try {
            client.getKubernetesVersion();
            return client;
        } catch (KubernetesClientException e) {
            Optional<String> obstacle = obstacle(e, config.getMasterUrl(), source);
            if (obstacle.isEmpty()) {
                return client;
            }
            client.close();
            throw new Refusal(obstacle.get());
        }
    }

    /**
     * What tells this cluster from all others: the uid of its namespace kube-system, which lives as long as the cluster.
     *
     * @throws Refusal when it may not be read
     */
    static String identity(KubernetesClient client) {
        try {
            return client.namespaces()
                    .withName("kube-system")
                    .require()
                    .getMetadata()
                    .getUid();
        } catch (KubernetesClientException | ResourceNotFoundException e) {
            throw new Refusal("the namespace kube-system, whose uid tells clusters apart, cannot be read: "
                    + rootMessage(e) + "; role.yaml has the right to get it");
        }
    }

    private static KubernetesClient client(Config config) {
        ObjectMapper mapper = new ObjectMapper();
        mapper.addMixIn(ObjectMeta.class, WithoutManagers.class);
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withOnlyHttpWatches(true)
                        .withHttp2Disable(true)
                        .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                        .build())
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
                .build();
    }

    /** Where the way to the cluster is written: for messages. */
    static String source(@Nullable String kubeconfig, Path standard) {
        if (kubeconfig != null && !kubeconfig.isBlank()) {
            if (Stream.of(kubeconfig.split(File.pathSeparator)).noneMatch(file -> Files.isReadable(Path.of(file)))) {
                throw new Refusal("no cluster: KUBECONFIG names " + kubeconfig + ", which cannot be read");
            }
            return kubeconfig;
        }
        if (Files.isReadable(standard)) {
            return standard.toString();
        }
        if (System.getenv("KUBERNETES_SERVICE_HOST") == null
                && System.getenv("KUBERNETES_MASTER") == null
                && !Files.exists(SERVICE_ACCOUNT)) {
            throw new Refusal(
                    "no cluster: this is no pod with a service account, KUBECONFIG is not set, and there is no "
                            + standard + "; plan and apply need none");
        }
        return "the service account";
    }

    private static Config config(String source) {
        Config config;
        try {
            config = new ConfigBuilder().build();
        } catch (RuntimeException e) {
            throw new Refusal("no cluster: " + source + ": " + rootMessage(e));
        }
        boolean file = !source.equals("the service account");
        if (file && config.getCurrentContext() == null) {
            throw new Refusal("no cluster: " + source + " has no current-context that it describes; kubectl config"
                    + " use-context NAME sets one");
        }
        return config;
    }

    /** Why the API server cannot be used, in one sentence; empty when it answered. */
    static Optional<String> obstacle(KubernetesClientException failure, String url, String source) {
        String server = "the API server " + url + " (" + source + ") ";
        if (failure.getCode() == 401) {
            return Optional.of(server + "does not accept the credentials: 401 Unauthorized; they may have expired");
        }
        if (failure.getCode() > 0) {
            return Optional.empty();
        }
        List<Throwable> causes = causes(failure);
        return Optional.of(server
                + causes.stream()
                        .flatMap(cause -> Optional.ofNullable(reason(cause, causes)).stream())
                        .findFirst()
                        .orElseGet(() -> "cannot be asked: " + rootMessage(failure)));
    }

    private static @Nullable String reason(Throwable cause, List<Throwable> causes) {
        return switch (cause) {
            case UnknownHostException e -> "cannot be reached: there is no host of this name";
            case HttpTimeoutException e -> "cannot be reached: no answer in time";
            case TimeoutException e -> "cannot be reached: no answer in time";
            case ConnectException e ->
                causes.stream().anyMatch(UnresolvedAddressException.class::isInstance)
                        ? "cannot be reached: there is no host of this name"
                        : "cannot be reached: nothing accepts connections there";
            case SSLException e -> certificate(causes);
            default -> null;
        };
    }

    private static String certificate(List<Throwable> causes) {
        String messages = causes.toString().toLowerCase(Locale.ROOT);
        for (Throwable cause : causes) {
            if (cause instanceof CertificateExpiredException) {
                return "has a certificate that has expired: " + cause.getMessage();
            }
            if (cause instanceof CertPathBuilderException) {
                return "has a certificate of an authority that is not trusted: see certificate-authority";
            }
        }
        return messages.contains("fatal alert: certificate_expired")
                ? "does not accept the client certificate: it has expired"
                : "cannot be asked over TLS: " + causes.getLast().getMessage();
    }

    /** What the first cause said, in one line. */
    static String rootMessage(Throwable failure) {
        Throwable root = causes(failure).getLast();
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = failure; each != null && !causes.contains(each); each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    /** Who manages which field is most of a small object, kept for each resource, copied at each pass and read by none. */
    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagers {}
}
