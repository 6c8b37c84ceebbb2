package dev.headroom.operator.reconcile;

import static java.util.Objects.requireNonNullElse;

import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.crd.TargetSpec;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What capacity needs to know of a pod.
 *
 * @param isLiving it has not ended, so it may hold connections
 */
record PodFacts(Target.Pod pod, boolean isLiving) {

    static final String GENERATION_ANNOTATION = "headroom.dev/pool-generation";
    private static final String TEMPLATE_HASH = "pod-template-hash";

    static PodFacts of(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        PodStatus status = requireNonNullElse(pod.getStatus(), new PodStatus());
        Instant created = time(meta.getCreationTimestamp()).orElse(Instant.EPOCH);
        Optional<PodCondition> ready = status.getConditions().stream()
                .filter(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst();
        boolean ended = "Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase());
        Target.Pod facts = new Target.Pod(
                meta.getUid(),
                meta.getName(),
                ips(status),
                created,
                startedAgain(status).orElse(created),
                ready.flatMap(condition -> time(condition.getLastTransitionTime())),
                ready.isPresent(),
                meta.getDeletionTimestamp() != null,
                announced(meta));
        return new PodFacts(facts, !ended);
    }

    /** Older API servers leave the list out. */
    private static List<String> ips(PodStatus status) {
        Stream<String> all = status.getPodIPs().isEmpty()
                ? Stream.ofNullable(status.getPodIP())
                : status.getPodIPs().stream().map(PodIP::getIp);
        return all.filter(Objects::nonNull).toList();
    }

    /**
     * When the oldest container began again, where all have. A container that began for the first time may read what the kubelet had
     * mounted before it pulled the image, however long that took.
     */
    private static Optional<Instant> startedAgain(PodStatus status) {
        boolean all = status.getContainerStatuses().stream()
                .allMatch(container -> requireNonNullElse(container.getRestartCount(), 0) > 0);
        return all
                ? status.getContainerStatuses().stream()
                        .map(ContainerStatus::getState)
                        .filter(Objects::nonNull)
                        .map(ContainerState::getRunning)
                        .filter(Objects::nonNull)
                        .map(ContainerStateRunning::getStartedAt)
                        .flatMap(text -> time(text).stream())
                        .min(Comparator.naturalOrder())
                : Optional.empty();
    }

    private static OptionalLong announced(ObjectMeta meta) {
        String text =
                meta.getAnnotations() == null ? null : meta.getAnnotations().get(GENERATION_ANNOTATION);
        return text != null && text.matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    private static Optional<Instant> time(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    /**
     * The target that owns a pod. A Deployment owns its pods through a ReplicaSet, which is called as the Deployment and the hash of
     * the template that stands in a label of the pod.
     */
    static Optional<String> owner(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        return meta.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .flatMap(owner -> target(meta, owner));
    }

    private static Optional<String> target(ObjectMeta meta, OwnerReference owner) {
        return switch (owner.getKind()) {
            case "StatefulSet" ->
                Optional.of(ClusterWorkloads.key(TargetSpec.Kind.STATEFUL_SET, meta.getNamespace(), owner.getName()));
            case "Deployment" ->
                Optional.of(ClusterWorkloads.key(TargetSpec.Kind.DEPLOYMENT, meta.getNamespace(), owner.getName()));
            case "ReplicaSet" -> {
                String hash = meta.getLabels() == null ? null : meta.getLabels().get(TEMPLATE_HASH);
                yield hash == null || !owner.getName().endsWith("-" + hash)
                        ? Optional.empty()
                        : Optional.of(ClusterWorkloads.key(
                                TargetSpec.Kind.DEPLOYMENT,
                                meta.getNamespace(),
                                owner.getName().substring(0, owner.getName().length() - hash.length() - 1)));
            }
            default -> Optional.empty();
        };
    }

    /** The pod without what nobody here reads: a cluster may have many thousands. */
    static Pod stripped(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        PodStatus status = requireNonNullElse(pod.getStatus(), new PodStatus());
        Map<String, String> labels = requireNonNullElse(meta.getLabels(), Map.of());
        Map<String, String> annotations = requireNonNullElse(meta.getAnnotations(), Map.of());
        return new PodBuilder()
                .withNewMetadata()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .withCreationTimestamp(meta.getCreationTimestamp())
                .withDeletionTimestamp(meta.getDeletionTimestamp())
                .withOwnerReferences(meta.getOwnerReferences())
                .withLabels(only(labels, TEMPLATE_HASH))
                .withAnnotations(only(annotations, GENERATION_ANNOTATION))
                .endMetadata()
                .withNewStatus()
                .withPhase(status.getPhase())
                .withPodIP(status.getPodIP())
                .withPodIPs(status.getPodIPs())
                .withConditions(status.getConditions().stream()
                        .filter(condition -> "Ready".equals(condition.getType()))
                        .toList())
                .withContainerStatuses(status.getContainerStatuses().stream()
                        .map(PodFacts::stripped)
                        .toList())
                .endStatus()
                .build();
    }

    private static ContainerStatus stripped(ContainerStatus status) {
        ContainerStatus kept = new ContainerStatus();
        kept.setName(status.getName());
        kept.setState(status.getState());
        kept.setRestartCount(status.getRestartCount());
        return kept;
    }

    private static Map<String, String> only(Map<String, String> all, String key) {
        String value = all.get(key);
        return value == null ? Map.of() : Map.of(key, value);
    }
}
