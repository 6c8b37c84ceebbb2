package dev.headroom.operator;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.metrics.Meters;
import dev.headroom.operator.metrics.ProcessMeters;
import dev.headroom.operator.reconcile.DbPerformanceReconciler;
import dev.headroom.operator.reconcile.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The operator on a cluster, from start to stop; tests run exactly this. */
public final class RunningOperator implements AutoCloseable {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final long LONGEST_RETRY_MILLIS = 60_000;

    private final Operator operator;
    private final DbPerformanceReconciler reconciler;
    private final AdminServer admin;
    private final Leadership leadership;

    private RunningOperator(
            Operator operator, DbPerformanceReconciler reconciler, AdminServer admin, Leadership leadership) {
        this.operator = operator;
        this.reconciler = reconciler;
        this.admin = admin;
        this.leadership = leadership;
    }

    /**
     * Starts to watch, or to wait for the lease.
     *
     * @param lost called when the lease is lost while this one runs; it has to be closed then
     */
    public static RunningOperator start(
            KubernetesClient client,
            OperatorSettings settings,
            Meters meters,
            Clock clock,
            List<Concern> concerns,
            Runnable lost)
            throws IOException {
        ProcessMeters.register(meters);
        Leadership leadership = new Leadership(meters, !settings.leaderElection(), lost);
        Operator operator = new Operator(overrider -> configure(overrider, client, settings, leadership));
        DbPerformanceReconciler reconciler = new DbPerformanceReconciler(
                client, new Concerns(concerns), clock, meters, new ConnectionCount(meters), settings.reconcile());
        operator.register(reconciler, configuration -> {
            if (!settings.namespaces().isEmpty()) {
                configuration.settingNamespaces(settings.namespaces());
            } else {
                configuration.watchingAllNamespaces();
            }
            configuration
                    .withReconciliationMaxInterval(settings.longestInterval())
                    .withRetry(new GenericRetry()
                            .setInitialInterval(1000)
                            .setIntervalMultiplier(2)
                            .setMaxInterval(LONGEST_RETRY_MILLIS)
                            .withoutMaxAttempts());
        });
        AdminServer admin = new AdminServer(
                settings.adminHost(),
                settings.adminPort(),
                meters,
                () -> operator.getRuntimeInfo().isStarted()
                        && (!leadership.leads() || operator.getRuntimeInfo().allEventSourcesAreHealthy()));
        RunningOperator running = new RunningOperator(operator, reconciler, admin, leadership);
        try {
            operator.start();
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private static void configure(
            ConfigurationServiceOverrider overrider,
            KubernetesClient client,
            OperatorSettings settings,
            Leadership leadership) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(settings.concurrency())
                .withReconciliationTerminationTimeout(STOP_WITHIN)
                .checkingCRDAndValidateLocalModel(true);
        if (settings.leaderElection()) {
            var lease = LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("headroom-operator")
                    // Two pods on the network of one host have its name both.
                    .withIdentity(System.getenv().getOrDefault("HOSTNAME", "headroom") + "-" + UUID.randomUUID())
                    // An exit of the SDK's own, within our shutdown hook, would wait for that hook for ever.
                    .withExitOnStopLeading(false)
                    .withLeaderCallbacks(leadership.callbacks());
            if (!settings.leaseNamespace().isEmpty()) {
                lease.withLeaseNamespace(settings.leaseNamespace());
            }
            overrider.withLeaderElectionConfiguration(lease.build());
        }
    }

    int adminPort() {
        return admin.port();
    }

    /** Stops looking first, then what is being built, then the answers about both. */
    @Override
    public void close() {
        leadership.stops();
        operator.stop();
        reconciler.close();
        admin.close();
    }
}
