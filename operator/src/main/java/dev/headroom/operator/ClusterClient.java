package dev.headroom.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
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
    private static final String OF_THE_POD = "the service account";
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
            if (e.getCode() > 0 && e.getCode() != HttpURLConnection.HTTP_UNAUTHORIZED) {
                return client; // it answered
            }
            client.close();
            throw new Refusal("the API server " + config.getMasterUrl() + " (" + source + ") " + obstacle(e));
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
                    + rootMessage(e) + "; the chart headroom-operator grants the right to get it");
        }
    }

    static KubernetesClient client(Config config) {
        ObjectMapper mapper = new ObjectMapper();
        mapper.addMixIn(ObjectMeta.class, WithoutManagers.class);
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES); // an older operator beside a newer CRD
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        // Over plain HTTP the library reads NULs behind any letter that is not ASCII, and the watch
                        // ends.
                        .withOnlyHttpWatches(false)
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
        return OF_THE_POD;
    }

    private static Config config(String source) {
        Config config;
        try {
            config = new ConfigBuilder().build();
        } catch (RuntimeException e) {
            throw new Refusal("no cluster: " + source + ": " + rootMessage(e));
        }
        if (config.getCurrentContext() == null && !source.equals(OF_THE_POD)) {
            throw new Refusal("no cluster: " + source + " has no current-context that it describes; kubectl config"
                    + " use-context NAME sets one");
        }
        return config;
    }

    /** Why the API server cannot be used. */
    private static String obstacle(KubernetesClientException failure) {
        if (failure.getCode() > 0) {
            return "does not accept the credentials: 401 Unauthorized; they may have expired";
        }
        if (has(failure, UnknownHostException.class) || has(failure, UnresolvedAddressException.class)) {
            return "cannot be reached: there is no host of this name";
        }
        if (has(failure, HttpTimeoutException.class) || has(failure, TimeoutException.class)) {
            return "cannot be reached: no answer in time";
        }
        if (has(failure, ConnectException.class)) {
            return "cannot be reached: nothing accepts connections there";
        }
        if (has(failure, CertificateExpiredException.class)) {
            return "has a certificate that has expired: " + rootMessage(failure);
        }
        if (has(failure, CertPathBuilderException.class)) {
            return "has a certificate of an authority that is not trusted: see certificate-authority";
        }
        if (causes(failure).toString().contains("fatal alert: certificate_expired")) {
            return "does not accept the client certificate: it has expired";
        }
        return (has(failure, SSLException.class) ? "cannot be asked over TLS: " : "cannot be asked: ")
                + rootMessage(failure);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> cause) {
        return causes(failure).stream().anyMatch(cause::isInstance);
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
