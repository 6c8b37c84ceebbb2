package dev.headroom.operator.loop;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods of a namespace as processes of this machine, as a kubelet runs containers: starts and restarts them, probes
 * their readiness, mounts their ConfigMap, holds them to their processor limit, and lets them end in order when they are
 * deleted. How many pods there are is decided elsewhere, by {@link dev.headroom.operator.DeploymentPlayer}.
 *
 * <p>Pods need the finalizer {@link #FINALIZER}, so that a pod stays in the API until its process has ended.
 */
final class Kubelet implements AutoCloseable {
    static final String FINALIZER = "headroom.dev/process";

    private static final System.Logger LOG = System.getLogger(Kubelet.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);

    private final KubernetesClient client;
    private final List<String> program;
    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final ProcessorLimit limits = new ProcessorLimit();
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<ConfigMap> configMaps;
    private final Map<String, PodProcess> processes = new ConcurrentHashMap<>();
    private final Map<String, PodStatus> reported = new HashMap<>();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kubelet").factory());

    /**
     * @param program what every container runs; its arguments follow
     * @param folder for volumes and logs
     */
    Kubelet(KubernetesClient client, List<String> program, Path folder) {
        this.client = client;
        this.program = program;
        this.folder = folder;
        pods = client.pods().inform();
        configMaps = client.configMaps().inform();
        Future<?> _ = looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The pods as the API server knows them. */
    List<Pod> pods() {
        return pods.getStore().list();
    }

    /** Pods that get requests: ready, and not about to end. */
    List<Pod> endpoints() {
        return pods().stream()
                .filter(pod -> !pod.isMarkedForDeletion() && isReady(pod))
                .toList();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** Ends the process of a pod with SIGKILL; the container is started again. */
    void kill(Pod pod) {
        PodProcess process = processes.get(pod.getMetadata().getUid());
        if (process != null) {
            process.kill();
        }
    }

    /** Everything that the containers have written, by pod; those of past pods too. */
    Map<String, String> logs() throws IOException {
        Map<String, String> logs = new HashMap<>();
        try (var folders = Files.list(folder)) {
            for (Path each : folders.toList()) {
                logs.put(each.getFileName().toString(), Files.readString(each.resolve("log")));
            }
        }
        return logs;
    }

    private void look() {
        for (Pod pod : pods()) {
            try {
                look(pod);
            } catch (KubernetesClientException e) {
                // Changed by somebody else at the same moment: the next look sees it.
                LOG.log(Level.DEBUG, () -> "pod " + pod.getMetadata().getName(), e);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "pod " + pod.getMetadata().getName(), e);
            }
        }
    }

    private void look(Pod pod) throws IOException {
        String uid = pod.getMetadata().getUid();
        PodProcess process = processes.get(uid);
        if (pod.isMarkedForDeletion()) {
            if (process == null || process.end(pod)) {
                processes.remove(uid);
                finish(pod);
                return;
            }
        } else if (pod.getStatus() != null && pod.getStatus().getPodIP() != null) {
            if (process == null) {
                Path own =
                        Files.createDirectories(folder.resolve(pod.getMetadata().getName()));
                process = new PodProcess(program, own, http, limits);
                processes.put(uid, process);
            }
            process.run(pod, configMap(pod));
        }
        if (process != null) {
            report(pod, process.status(pod));
        }
    }

    /** Of the pod's only volume; null where there is none, or where the ConfigMap is not there yet. */
    private @Nullable ConfigMap configMap(Pod pod) {
        for (Volume volume : pod.getSpec().getVolumes()) {
            if (volume.getConfigMap() != null) {
                String name = volume.getConfigMap().getName();
                return configMaps.getStore().getByKey(pod.getMetadata().getNamespace() + "/" + name);
            }
        }
        return null;
    }

    private void report(Pod pod, PodStatus status) {
        String uid = pod.getMetadata().getUid();
        if (!status.equals(reported.get(uid))) {
            client.pods()
                    .resource(pod)
                    .editStatus(p -> new PodBuilder(p).withStatus(status).build());
            reported.put(uid, status);
        }
    }

    private void finish(Pod pod) {
        reported.remove(pod.getMetadata().getUid());
        if (client.pods().withName(pod.getMetadata().getName()).get() != null) {
            client.pods()
                    .withName(pod.getMetadata().getName())
                    .edit(p -> new PodBuilder(p)
                            .editMetadata()
                            .removeFromFinalizers(FINALIZER)
                            .endMetadata()
                            .build());
        }
    }

    @Override
    public void close() {
        looks.close();
        pods.close();
        configMaps.close();
        processes.values().forEach(PodProcess::close);
        limits.close();
        http.close();
    }
}
