package dev.headroom.charts.e2e;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A pod that runs {@link InClusterMain}: a client of the service from inside of the cluster, which needs no image of its own. */
final class ProgramPod implements AutoCloseable {

    private static final String JAR = "program.jar";

    private final KubernetesClient client;
    private final Pod pod;

    /** The requests of a while: how many were answered with 200, how many others had which outcome, and the latency. */
    record Requests(int answered, Map<String, Integer> failures, int p95Millis) {}

    /**
     * Starts the pod and waits until it runs.
     *
     * @param image of the service, for its Java runtime
     */
    ProgramPod(KubernetesClient client, String namespace, String name, String image, String... arguments) {
        this.client = client;
        client.configMaps()
                .inNamespace(namespace)
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .addToBinaryData(JAR, Base64.getEncoder().encodeToString(jar()))
                        .build())
                .createOr(existing -> existing.update());
        this.pod = client.pods()
                .inNamespace(namespace)
                .resource(pod(name, image, arguments))
                .create();
        Promise.eventually(
                60,
                "the pod " + name + " runs",
                () -> List.of("Running", "Succeeded").contains(phase()));
    }

    private static Pod pod(String name, String image, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/opt/java/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                "/program/" + JAR,
                InClusterMain.class.getName()));
        command.addAll(List.of(arguments));
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("app", name))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(1L)
                .withAutomountServiceAccountToken(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("program")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand(command)
                .withNewResources() // a client that waits for a processor would find the service slow
                .addToRequests("cpu", new Quantity("250m"))
                .addToRequests("memory", new Quantity("128Mi"))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName("program")
                .withMountPath("/program")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("program")
                .withNewConfigMap()
                .withName(name)
                .endConfigMap()
                .endVolume()
                .endSpec()
                .build();
    }

    private static byte[] jar() {
        String file = InClusterMain.class.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes);
                var program = InClusterMain.class.getResourceAsStream("/" + file)) {
            jar.putNextEntry(new ZipEntry(file));
            Objects.requireNonNull(program, file).transferTo(jar);
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private String phase() {
        return client.resource(pod).get().getStatus().getPhase();
    }

    /** What the program has printed so far. */
    List<String> lines() {
        return client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .getLog()
                .lines()
                .toList();
    }

    /** Waits until the program has ended, and returns what it printed. */
    List<String> result() {
        Promise.eventually(
                60, "the program of " + pod.getMetadata().getName() + " ends", () -> phase().equals("Succeeded"));
        return lines();
    }

    /** The requests that have ended, without the first ones. */
    Requests requests(int withoutFirst) {
        List<String> lines = lines().stream()
                .filter(line -> line.startsWith("request "))
                .skip(withoutFirst)
                .toList();
        Map<String, Integer> failures = new TreeMap<>();
        List<Integer> latencies = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            latencies.add(Integer.valueOf(parts[1]));
            if (!parts[2].equals("200")) {
                failures.merge(parts[2], 1, Integer::sum);
            }
        }
        latencies.sort(null);
        int p95 = latencies.isEmpty() ? 0 : latencies.get((int) (latencies.size() * 0.95));
        int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
        return new Requests(lines.size() - failed, failures, p95);
    }

    /** How many requests have ended. */
    int count() {
        return (int)
                lines().stream().filter(line -> line.startsWith("request ")).count();
    }

    @Override
    public void close() {
        client.resource(pod).withGracePeriod(0).delete();
        client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .delete();
        Promise.eventually(
                30,
                "the pod " + pod.getMetadata().getName() + " is gone",
                () -> client.resource(pod).get() == null);
    }
}
