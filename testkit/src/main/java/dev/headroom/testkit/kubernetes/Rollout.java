package dev.headroom.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import org.jspecify.annotations.Nullable;

/**
 * How many Pods a Deployment may have while its template changes, as Kubernetes' own controller counts.
 *
 * @param desired Pods in the end
 * @param most Pods that may exist at once
 * @param fewest ready Pods that must be left when old ones are removed
 */
record Rollout(int desired, int most, int fewest) {

    private static final double DEFAULT_SHARE = 0.25;
    private static final int HUNDRED = 100;

    static Rollout of(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        int desired = replicas == null ? 1 : replicas;
        DeploymentStrategy strategy = deployment.getSpec().getStrategy();
        if (strategy != null && "Recreate".equals(strategy.getType())) {
            return new Rollout(desired, desired, 0);
        }
        RollingUpdateDeployment rolling = strategy == null ? null : strategy.getRollingUpdate();
        int surge = (int) Math.ceil(share(rolling == null ? null : rolling.getMaxSurge(), desired));
        int unavailable = (int) Math.floor(share(rolling == null ? null : rolling.getMaxUnavailable(), desired));
        // Without either there is no way forward; Kubernetes then lets one be unavailable.
        int missing = surge + unavailable == 0 ? 1 : unavailable;
        return new Rollout(desired, desired + surge, Math.max(0, desired - missing));
    }

    private static double share(@Nullable IntOrString value, int desired) {
        if (value == null) {
            return DEFAULT_SHARE * desired;
        }
        return value.getIntVal() != null
                ? value.getIntVal()
                : desired * Double.parseDouble(value.getStrVal().replace("%", "")) / HUNDRED;
    }

    /** New Pods to create now. */
    int toCreate(int current, int outdated) {
        return Math.max(0, Math.min(desired - current, most - current - outdated));
    }

    /** Old Pods to remove now; those that are not ready serve no one. */
    int toRemove(int outdated, int ready) {
        return Math.min(outdated, Math.max(0, ready - fewest));
    }
}
