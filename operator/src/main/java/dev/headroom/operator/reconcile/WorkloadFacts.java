package dev.headroom.operator.reconcile;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.capacity.control.Target.RolloutLimits;
import dev.headroom.operator.crd.TargetSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What capacity needs to know of a Deployment or a StatefulSet. */
final class WorkloadFacts {

    private static final RolloutLimits.Amount QUARTER = new RolloutLimits.Amount(0, 25);

    private WorkloadFacts() {}

    static Target of(HasMetadata workload, TargetSpec spec, List<Target.Pod> pods, Optional<String> scaledBy) {
        return switch (workload) {
            case Deployment deployment -> of(deployment, spec, pods, scaledBy);
            case StatefulSet set -> of(set, spec, pods, scaledBy);
            default -> throw new IllegalArgumentException("no target: " + workload.getKind());
        };
    }

    private static Target of(Deployment deployment, TargetSpec spec, List<Target.Pod> pods, Optional<String> scaledBy) {
        DeploymentSpec wanted = deployment.getSpec();
        DeploymentStatus status = requireNonNullElse(deployment.getStatus(), new DeploymentStatus());
        int replicas = requireNonNullElse(wanted.getReplicas(), 1);
        boolean seen = Objects.equals(
                status.getObservedGeneration(), deployment.getMetadata().getGeneration());
        // Pods of an older template, or a template that the controller has not seen.
        boolean older =
                requireNonNullElse(status.getUpdatedReplicas(), 0) < requireNonNullElse(status.getReplicas(), 0);
        boolean unseen =
                !seen && deployment.getMetadata().getGeneration() != null && status.getObservedGeneration() == null;
        // One that is paused or stuck would stop everything for ever.
        boolean rollout = (older || unseen) && !Boolean.TRUE.equals(wanted.getPaused()) && !isStuck(status);
        return new Target(
                deployment.getMetadata().getUid(),
                deployment.getMetadata().getResourceVersion(),
                replicas,
                limits(wanted.getStrategy()),
                rollout,
                cores(wanted.getTemplate(), spec.container()),
                scaledBy,
                pods);
    }

    /** A StatefulSet ends a pod before it makes its successor. */
    private static Target of(StatefulSet set, TargetSpec spec, List<Target.Pod> pods, Optional<String> scaledBy) {
        StatefulSetStatus status = requireNonNullElse(set.getStatus(), new StatefulSetStatus());
        return new Target(
                set.getMetadata().getUid(),
                set.getMetadata().getResourceVersion(),
                requireNonNullElse(set.getSpec().getReplicas(), 1),
                RolloutLimits.NONE,
                isRolling(set, status),
                cores(set.getSpec().getTemplate(), spec.container()),
                scaledBy,
                pods);
    }

    private static boolean isStuck(DeploymentStatus status) {
        return status.getConditions().stream()
                .anyMatch(condition -> "ProgressDeadlineExceeded".equals(condition.getReason()));
    }

    /** With OnDelete or a partition some pods stay behind for as long as a person likes. */
    private static boolean isRolling(StatefulSet set, StatefulSetStatus status) {
        StatefulSetUpdateStrategy strategy = set.getSpec().getUpdateStrategy();
        boolean byHand = strategy != null
                && ("OnDelete".equals(strategy.getType())
                        || (strategy.getRollingUpdate() != null
                                && requireNonNullElse(
                                                strategy.getRollingUpdate().getPartition(), 0)
                                        > 0));
        return !byHand && !Objects.equals(status.getCurrentRevision(), status.getUpdateRevision());
    }

    private static RolloutLimits limits(@Nullable DeploymentStrategy strategy) {
        if (strategy != null && "Recreate".equals(strategy.getType())) {
            return RolloutLimits.NONE;
        }
        RollingUpdateDeployment rolling = strategy == null ? null : strategy.getRollingUpdate();
        if (rolling == null) {
            return new RolloutLimits(QUARTER, QUARTER);
        }
        RolloutLimits.Amount over = amount(rolling.getMaxSurge());
        RolloutLimits.Amount under = amount(rolling.getMaxUnavailable());
        // Without either there is no way forward; Kubernetes then lets one be unavailable.
        boolean stuck = over.fixed() == 0 && over.percent() == 0 && under.fixed() == 0;
        return new RolloutLimits(over, stuck ? new RolloutLimits.Amount(1, under.percent()) : under);
    }

    private static RolloutLimits.Amount amount(@Nullable IntOrString text) {
        if (text == null) {
            return QUARTER;
        }
        String value = String.valueOf(text.getValue());
        return value.endsWith("%")
                ? new RolloutLimits.Amount(0, Integer.parseInt(value.substring(0, value.length() - 1)))
                : new RolloutLimits.Amount(Integer.parseInt(value), 0);
    }

    private static OptionalDouble cores(PodTemplateSpec template, @Nullable String name) {
        Optional<Container> container = template.getSpec().getContainers().stream()
                .filter(each -> name == null || each.getName().equals(name))
                .findFirst();
        ResourceRequirements resources = container.map(Container::getResources).orElse(null);
        if (resources == null) {
            return OptionalDouble.empty();
        }
        return Stream.of(resources.getLimits(), resources.getRequests())
                .filter(Objects::nonNull)
                .map(amounts -> amounts.get("cpu"))
                .filter(Objects::nonNull)
                .mapToDouble(cpu -> Quantity.getAmountInBytes(cpu).doubleValue())
                .filter(cores -> cores > 0)
                .findFirst();
    }

    /** The field manager that set the replicas last, without this operator. */
    static Optional<String> replicasManager(JsonNode managedFields) {
        return managedFields
                .valueStream()
                .filter(entry -> !DbPerformanceReconciler.FIELD_MANAGER.equals(
                        entry.path("manager").asText()))
                .filter(entry -> entry.path("fieldsV1").path("f:spec").has("f:replicas"))
                .max(Comparator.comparing(entry -> entry.path("time").asText()))
                .map(entry -> entry.path("manager").asText());
    }
}
