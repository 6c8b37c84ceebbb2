package dev.headroom.operator.loop;

import dev.headroom.testkit.process.Leash;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One pod as a process of this machine that listens on the pod's own loopback address. Its container's arguments may use
 * {@code $(POD_IP)}; a mount path in them becomes the folder of the volume. It is probed, restarted when it ends by itself,
 * and told to end when the pod is deleted.
 */
final class PodProcess {
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    /** Kubernetes' default. */
    private static final int FAILURE_THRESHOLD = 3;

    private static final long DEFAULT_GRACE_SECONDS = 30;

    /** A pod has no limit while it starts and a little longer, as with a start-up boost on a cluster: a new JVM compiles. */
    private static final Duration BOOST_AFTER_READY = Duration.ofSeconds(10);

    /** The kubelet's own period is a minute by default; a change of the pod makes it sync at once. */
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(10);

    private final List<String> program;
    private final HttpClient http;
    private final ProcessorLimit limits;
    private final ConfigMapVolume volume;
    private final Path log;
    private final Instant createdAt = Instant.now();

    private @Nullable Leash process;
    private Instant startedAt = Instant.EPOCH;
    private int restarts = -1;
    private @Nullable Instant killAt;
    private Map<String, String> syncedAnnotations = Map.of();
    private Instant syncedAt = Instant.EPOCH;
    private Instant probedAt = Instant.EPOCH;
    private boolean limited;
    private volatile boolean ready;
    private volatile @Nullable Instant readySince;
    private volatile int failedProbes;

    /** @param program the command before the container's arguments */
    PodProcess(List<String> program, Path folder, HttpClient http, ProcessorLimit limits) throws IOException {
        this.program = program;
        this.http = http;
        this.limits = limits;
        this.volume = new ConfigMapVolume(folder.resolve("volume"));
        this.log = Files.createFile(folder.resolve("log"));
    }

    /** Does what is due for a pod that is to run. */
    void run(Pod pod, @Nullable ConfigMap configMap) throws IOException {
        syncVolume(pod, configMap);
        if (!isAlive()) {
            stopped();
            start(pod);
        }
        probeWhenDue(pod);
        limitWhenDue(pod);
    }

    /** Does what is due for a pod that was deleted; true once its process has ended. */
    boolean end(Pod pod) {
        Leash running = process;
        if (running == null || !isAlive()) {
            stopped();
            return true;
        }
        if (killAt == null) {
            ready = false;
            killAt = Instant.now().plusSeconds(graceSeconds(pod));
            running.signal("TERM");
        } else if (Instant.now().isAfter(killAt)) {
            running.signal("KILL");
        }
        return false;
    }

    private static long graceSeconds(Pod pod) {
        Long given = pod.getSpec().getTerminationGracePeriodSeconds();
        return given == null ? DEFAULT_GRACE_SECONDS : given;
    }

    private void syncVolume(Pod pod, @Nullable ConfigMap configMap) throws IOException {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        boolean due = Instant.now().isAfter(syncedAt.plus(SYNC_PERIOD)) || !annotations.equals(syncedAnnotations);
        if (due) {
            volume.sync(configMap);
            syncedAt = Instant.now();
            syncedAnnotations = Map.copyOf(annotations);
        }
    }

    private void start(Pod pod) {
        Container container = pod.getSpec().getContainers().getFirst();
        List<String> command = new ArrayList<>(program);
        for (String argument : container.getArgs()) {
            String own = argument.replace("$(POD_IP)", pod.getStatus().getPodIP());
            for (var mount : container.getVolumeMounts()) {
                own = own.replace(mount.getMountPath(), volume.folder().toString());
            }
            command.add(own);
        }
        Leash started = Leash.start(command, "KILL", null, log);
        process = started;
        startedAt = Instant.now();
        restarts++;
        failedProbes = 0;
    }

    private void limitWhenDue(Pod pod) {
        Instant since = readySince;
        Quantity cores = pod.getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("cpu");
        if (process != null
                && !limited
                && cores != null
                && since != null
                && Instant.now().isAfter(since.plus(BOOST_AFTER_READY))) {
            limits.add(process.pid(), cores.getNumericalAmount().doubleValue());
            limited = true;
        }
    }

    private void stopped() {
        ready = false;
        readySince = null;
        limited = false;
        if (process != null) {
            limits.remove(process.pid());
            process.close();
            process = null;
        }
    }

    private boolean isAlive() {
        return process != null && ProcessHandle.of(process.pid()).isPresent();
    }

    private void probeWhenDue(Pod pod) {
        Probe readiness = pod.getSpec().getContainers().getFirst().getReadinessProbe();
        HTTPGetAction probe = readiness.getHttpGet();
        int failures = Objects.requireNonNullElse(readiness.getFailureThreshold(), FAILURE_THRESHOLD);
        if (Instant.now().isBefore(probedAt.plus(PROBE_EVERY))) {
            return;
        }
        probedAt = Instant.now();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://"
                        + pod.getStatus().getPodIP() + ":" + probe.getPort().getIntVal() + probe.getPath()))
                .timeout(PROBE_TIMEOUT)
                .build();
        int of = restarts;
        Future<?> _ = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .whenComplete((answer, failure) -> probed(of, failure == null && answer.statusCode() == 200, failures));
    }

    private synchronized void probed(int of, boolean success, int failureThreshold) {
        if (of != restarts || killAt != null) {
            return;
        }
        failedProbes = success ? 0 : failedProbes + 1;
        readySince = success && readySince == null ? Instant.now() : readySince;
        ready = success || (ready && failedProbes < failureThreshold);
    }

    /** What a kubelet would report. */
    PodStatus status(Pod pod) {
        String truth = ready ? "True" : "False";
        PodStatus before = pod.getStatus();
        boolean same = before.getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals(truth));
        return new PodStatusBuilder(before)
                .withPhase("Running")
                .withStartTime(createdAt.truncatedTo(ChronoUnit.SECONDS).toString())
                .withConditions(
                        same
                                ? before.getConditions()
                                : List.of(new PodConditionBuilder()
                                        .withType("Ready")
                                        .withStatus(truth)
                                        .withLastTransitionTime(Instant.now()
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString())
                                        .build()))
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName(pod.getSpec().getContainers().getFirst().getName())
                        .withReady(ready)
                        .withStarted(process != null)
                        .withRestartCount(Math.max(restarts, 0))
                        .withNewState()
                        .withNewRunning(
                                startedAt.truncatedTo(ChronoUnit.SECONDS).toString())
                        .endState()
                        .build())
                .build();
    }

    /** kill -9, as an out-of-memory killer does. */
    void kill() {
        if (process != null) {
            process.signal("KILL");
        }
    }

    void close() {
        stopped();
    }
}
