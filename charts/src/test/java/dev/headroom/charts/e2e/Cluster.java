package dev.headroom.charts.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.UpgradeCommand;
import dev.headroom.testkit.Skipped;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The cluster of the current kubeconfig, and what kubectl and Helm do with it. */
final class Cluster implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    final KubernetesClient client;
    private final Path kubeconfig;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    Cluster() {
        client = new KubernetesClientBuilder().build();
        File file = client.getConfiguration().getFile();
        if (file == null) {
            throw Skipped.because("there is no kubeconfig", "KUBECONFIG or ~/.kube/config");
        }
        kubeconfig = file.toPath().toAbsolutePath();
    }

    /** A namespace that admits restricted pods only. */
    void createNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
    }

    /** {@code helm install --wait}. */
    void install(Path chart, String release, String namespace, Path values) {
        new Helm(chart)
                .install()
                .withName(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .withValuesFile(values)
                .waitReady()
                .withTimeout(180)
                .call();
    }

    /** {@code helm upgrade --wait --reset-then-reuse-values}. */
    void upgrade(Path chart, String release, String namespace, Map<String, Object> values) {
        UpgradeCommand upgrade = new Helm(chart)
                .upgrade()
                .withName(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .resetThenReuseValues()
                .waitReady()
                .withTimeout(300);
        values.forEach(upgrade::set);
        upgrade.call();
    }

    /** {@code helm uninstall}. */
    void uninstall(String release, String namespace) {
        Helm.uninstall(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .ignoreNotFound()
                .call();
    }

    /** {@code kubectl apply --server-side}. */
    void apply(String namespace, JsonNode object) {
        client.resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
                .inNamespace(namespace)
                .forceConflicts()
                .serverSideApply();
    }

    /** Pods with the component that the charts label them with, those that end left out. */
    List<Pod> pods(String namespace, String component) {
        return client
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems()
                .stream()
                .filter(pod -> !pod.isMarkedForDeletion())
                .toList();
    }

    /** The only pod of a component. */
    Pod pod(String namespace, String component) {
        return pods(namespace, component).getFirst();
    }

    /** Those that are ready. */
    List<Pod> readyPods(String namespace, String component) {
        return pods(namespace, component).stream().filter(Cluster::isReady).toList();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    static int restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .mapToInt(status -> status.getRestartCount())
                .sum();
    }

    /** {@code kubectl logs --tail}; empty where there is no log. */
    String lastLines(Pod pod, int lines) {
        try {
            return client.pods().resource(pod).tailingLines(lines).getLog();
        } catch (KubernetesClientException e) {
            return "";
        }
    }

    /** {@code kubectl exec}: what the command printed. It has to succeed. */
    String exec(Pod pod, String... command) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (ExecWatch running = client.pods()
                .resource(pod)
                .writingOutput(printed)
                .writingError(errors)
                .exec(command)) {
            int exit = running.exitCode().get(5, TimeUnit.MINUTES);
            if (exit != 0) {
                throw new IllegalStateException(
                        List.of(command) + " ended with " + exit + ": " + errors.toString(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    List.of(command) + " in " + pod.getMetadata().getName(), e);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    /** {@code kubectl port-forward} and a request: the body of the answer. */
    String get(Pod pod, int port, String path) throws IOException, InterruptedException {
        try (LocalPortForward forward = client.pods().resource(pod).portForward(port)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + forward.getLocalPort() + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(path + " of " + pod.getMetadata().getName() + ": " + answer.statusCode());
            }
            return answer.body();
        }
    }

    /** A metric of a pod, the first that begins so. */
    double metric(Pod pod, String name) throws IOException, InterruptedException {
        return get(pod, 8081, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .orElseThrow(() -> new IOException("no metric " + name));
    }

    Resource<GenericKubernetesResource> dbPerformance(String namespace, String name) {
        return client.genericKubernetesResources("headroom.dev/v1alpha1", "DbPerformance")
                .inNamespace(namespace)
                .withName(name);
    }

    /** The status of a DbPerformance; empty before it was looked at. */
    Optional<JsonNode> status(String namespace, String name) {
        JsonNode resource = JSON.valueToTree(dbPerformance(namespace, name).require());
        return Optional.ofNullable(resource.get("status"));
    }

    /** {@code kubectl wait --for=condition=…}, without waiting: whether the condition of the present generation is True. */
    boolean isTrue(String namespace, String name, String condition) {
        long generation = dbPerformance(namespace, name).require().getMetadata().getGeneration();
        return status(namespace, name).stream()
                .flatMap(status -> status.path("conditions").valueStream())
                .anyMatch(each -> each.path("type").asText().equals(condition)
                        && each.path("observedGeneration").asLong() == generation
                        && each.path("status").asText().equals("True"));
    }

    /** {@code kubectl patch --type=merge}. */
    void patch(String namespace, String name, String json) {
        dbPerformance(namespace, name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    /** Whether the API server has it; a kind that it does not know counts as absent. */
    boolean exists(Resource<?> resource) {
        try {
            return resource.get() != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        http.close();
        client.close();
    }
}
