package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The Pods of one namespace, in the hands of a {@link DeploymentPlayer}. */
final class PlayedPods {

    /** Ready ones, then older ones: the last to be wanted, when there are too many, are the first to go. */
    static final Comparator<Pod> BEST_FIRST = Comparator.comparing((Pod pod) -> !isReady(pod))
            .thenComparing(
                    pod -> pod.getMetadata().getCreationTimestamp(), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(pod -> pod.getMetadata().getName());

    private static final String REVISION = "pod-template-hash";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static final int PER_NET = 250;

    private final KubernetesClient client;

    PlayedPods(KubernetesClient client) {
        this.client = client;
    }

    static String revision(Deployment deployment) {
        String template = Serialization.asJson(deployment.getSpec().getTemplate());
        return Integer.toHexString(template.hashCode());
    }

    static boolean isOf(String revision, Pod pod) {
        return revision.equals(pod.getMetadata().getLabels().get(REVISION));
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    static int ready(List<Pod> pods) {
        return (int) pods.stream().filter(PlayedPods::isReady).count();
    }

    static @Nullable String deploymentOf(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals("Deployment"))
                .map(OwnerReference::getName)
                .findFirst()
                .orElse(null);
    }

    List<Pod> of(String deployment) {
        return client.pods().list().getItems().stream()
                .filter(pod -> deployment.equals(deploymentOf(pod)) && !pod.isMarkedForDeletion())
                .toList();
    }

    void create(Deployment deployment, String revision) {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        OwnerReference owner = new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(deployment.getMetadata().getName())
                .withUid(deployment.getMetadata().getUid())
                .withController(true)
                .build();
        Pod pod = new PodBuilder()
                .withNewMetadataLike(template.getMetadata())
                .withName(deployment.getMetadata().getName() + "-" + revision + "-"
                        + UUID.randomUUID().toString().substring(0, 5))
                .addToLabels(REVISION, revision)
                .withOwnerReferences(owner)
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        Pod created = client.pods().resource(pod).create();
        editStatus(created, "False");
    }

    void makeReady(Pod pod) {
        editStatus(pod, "True");
    }

    private void editStatus(Pod pod, String ready) {
        client.pods()
                .resource(pod)
                .editStatus(p -> new PodBuilder(p)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(address(p))
                        .withConditions(new PodConditionBuilder()
                                .withType("Ready")
                                .withStatus(ready)
                                .withLastTransitionTime(Instant.now()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString())
                                .build())
                        .endStatus()
                        .build());
    }

    /** In 127.0.0.0/8, one per Pod: on Linux a test can listen there and so be the Pod. */
    private static String address(Pod pod) {
        if (pod.getStatus() != null && pod.getStatus().getPodIP() != null) {
            return pod.getStatus().getPodIP();
        }
        int number = ADDRESSES.getAndIncrement();
        return "127.1." + number / PER_NET + "." + (number % PER_NET + 1);
    }

    void remove(Pod pod) {
        client.pods().resource(pod).withGracePeriod(0).delete();
    }

    void removeAllOf(String deployment) {
        of(deployment).forEach(this::remove);
    }
}
