package dev.headroom.operator;

import dev.headroom.operator.reconcile.ReconcileSettings;
import java.time.Duration;
import java.util.Set;

/**
 * Everything that can be set of the operator; {@link SettingsReader} reads it from arguments and the environment.
 *
 * @param namespaces those that are watched; empty for all
 * @param leaderElection whether only the holder of a lease acts; needed with more than one replica
 * @param leaseNamespace where the lease lies; empty for the namespace of the pod
 * @param adminPort port of health and metrics; 0 for a free one
 * @param concurrency how many resources are looked at at once
 */
public record OperatorSettings(
        Set<String> namespaces,
        boolean leaderElection,
        String leaseNamespace,
        String adminHost,
        int adminPort,
        Duration longestInterval,
        Duration releasePatience,
        int concurrency,
        String logLevel) {

    public OperatorSettings {
        namespaces = Set.copyOf(namespaces);
    }

    ReconcileSettings reconcile() {
        return new ReconcileSettings(longestInterval, releasePatience);
    }
}
