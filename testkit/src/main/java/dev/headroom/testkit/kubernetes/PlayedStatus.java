package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Kubernetes' deployment controller writes into the status, from the Pods that are there. */
final class PlayedStatus {

    private PlayedStatus() {}

    static void write(KubernetesClient client, Deployment deployment, List<Pod> pods, String revision) {
        DeploymentStatus status = of(deployment, pods, revision);
        // Written unchanged it would be one more change to look at, for ever.
        if (!Objects.equals(status, deployment.getStatus())) {
            client.apps()
                    .deployments()
                    .resource(deployment)
                    .editStatus(d -> new DeploymentBuilder(d).withStatus(status).build());
        }
    }

    private static DeploymentStatus of(Deployment deployment, List<Pod> pods, String revision) {
        Rollout rollout = Rollout.of(deployment);
        int ready = PlayedPods.ready(pods);
        int updated = (int)
                pods.stream().filter(pod -> PlayedPods.isOf(revision, pod)).count();
        boolean complete = updated == rollout.desired() && pods.size() == updated && ready == updated;
        DeploymentStatus old = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        return new DeploymentStatusBuilder(old)
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(orNull(pods.size()))
                .withUpdatedReplicas(orNull(updated))
                .withReadyReplicas(orNull(ready))
                .withAvailableReplicas(orNull(ready))
                .withUnavailableReplicas(orNull(Math.max(0, Math.max(rollout.desired(), pods.size()) - ready)))
                .withConditions(
                        condition(old, "Available", ready >= rollout.fewest(), "MinimumReplicas"),
                        condition(old, "Progressing", true, complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"))
                .build();
    }

    /** The real one leaves zeros out. */
    private static @Nullable Integer orNull(int count) {
        return count == 0 ? null : Integer.valueOf(count);
    }

    private static DeploymentCondition condition(DeploymentStatus old, String type, boolean holds, String reason) {
        String status = holds ? "True" : "False";
        return old.getConditions().stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status) && reason.equals(c.getReason()))
                .findFirst()
                .orElseGet(() -> new DeploymentConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withReason(reason)
                        .withLastTransitionTime(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build());
    }
}
