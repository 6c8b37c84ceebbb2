package dev.headroom.operator;

import dev.headroom.operator.reconcile.AllowedHosts;
import dev.headroom.operator.reconcile.DbPerformanceReconciler;
import dev.headroom.support.Settings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every setting of the operator on a cluster.
 *
 * @param namespaces those that are watched; empty for all
 * @param databaseHosts hosts to which the password of any Secret may be sent
 * @param leaseNamespace where the lease lies; empty for the namespace of the pod
 * @param adminPort port of health and metrics; 0 for a free one
 */
public record OperatorSettings(
        Set<String> namespaces,
        AllowedHosts databaseHosts,
        boolean leaderElection,
        String leaseNamespace,
        String adminHost,
        int adminPort,
        Duration longestInterval,
        Duration cleanupPatience,
        int concurrency,
        String logLevel) {

    public OperatorSettings {
        namespaces = Set.copyOf(namespaces);
    }

    static OperatorSettings from(Settings settings) {
        return new OperatorSettings(
                namespaces(settings),
                AllowedHosts.of(
                        settings.list(
                                "database-hosts",
                                List.of(),
                                "Database hosts to which the password of any Secret may be sent, *.suffix for all below it, * for all."
                                        + " Without them a Secret has to name its hosts: key host, or annotation headroom.dev/hosts.")),
                settings.flag(
                        "leader-election",
                        false,
                        "true when more than one replica runs: only the holder of a lease acts."),
                settings.text("lease-namespace", "", "Namespace of the lease; empty for the one the pod runs in."),
                settings.text("admin-host", "0.0.0.0", "Address that health and metrics listen on."),
                settings.integer("admin-port", 8081, 0, 65535, "Port of health and metrics; 0 for a free one."),
                settings.duration(
                        "longest-interval",
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofHours(1),
                        "Each resource is looked at this often when nothing else asks for it."),
                settings.duration(
                        "cleanup-patience",
                        Duration.ofMinutes(5),
                        Duration.ZERO,
                        Duration.ofDays(1),
                        "How long a deletion waits for its clean-up, such as for a database that cannot be asked."),
                settings.integer(
                        "concurrency", 10, 1, 100, "Resources looked at at once. Each takes one database connection."),
                settings.choice(
                        "log-level", "INFO", List.of("ERROR", "WARNING", "INFO", "DEBUG"), "What the log tells of."));
    }

    private static Set<String> namespaces(Settings settings) {
        List<String> given = settings.list("watch-namespaces", List.of("*"), "Namespaces to watch; * for all.");
        Set<String> names = new LinkedHashSet<>(given);
        boolean all = names.remove("*");
        for (String name : names) {
            if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
                settings.problem("watch-namespaces", "\"" + name + "\" is no name of a namespace");
            }
        }
        if (all && !names.isEmpty()) {
            settings.problem("watch-namespaces", "give either * or names, not both");
        }
        if (!all && names.isEmpty()) {
            settings.problem("watch-namespaces", "names no namespace; give * for all");
        }
        return names;
    }

    DbPerformanceReconciler.Settings reconcile() {
        return new DbPerformanceReconciler.Settings(longestInterval, cleanupPatience, databaseHosts);
    }
}
