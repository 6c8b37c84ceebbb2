package dev.headroom.operator;

import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.database.ConnectionCount;
import dev.headroom.operator.reconcile.DbPerformanceReconciler;
import dev.headroom.operator.reconcile.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

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
            PrometheusMeterRegistry metrics,
            Clock clock,
            OperatorMain.Work work,
            Runnable lost)
            throws IOException {
        Leadership leadership = leadership(client, settings, metrics, lost);
        Operator operator = new Operator(overrider -> configure(overrider, client, settings, metrics, leadership));
        DbPerformanceReconciler reconciler = new DbPerformanceReconciler(
                client,
                new Concerns(work.concerns(), settings.longestInterval(), Concerns.steadyTime(), Math::random),
                work.views(),
                leadership,
                clock,
                metrics,
                new ConnectionCount(metrics),
                settings.reconcile());
        operator.register(reconciler, configuration -> configure(configuration, settings));
        AdminServer admin = new AdminServer(
                settings.adminHost(),
                settings.adminPort(),
                metrics,
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

    private static Leadership leadership(
            KubernetesClient client, OperatorSettings settings, MeterRegistry metrics, Runnable lost) {
        if (!settings.leaderElection()) {
            return Leadership.alone(metrics);
        }
        String namespace = settings.leaseNamespace().isEmpty() ? client.getNamespace() : settings.leaseNamespace();
        return Leadership.byLease(metrics, client, namespace, lost);
    }

    private static void configure(
            ConfigurationServiceOverrider overrider,
            KubernetesClient client,
            OperatorSettings settings,
            PrometheusMeterRegistry metrics,
            Leadership leadership) {
        overrider
                .withKubernetesClient(client)
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics))
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(settings.concurrency())
                .withReconciliationTerminationTimeout(STOP_WITHIN)
                .checkingCRDAndValidateLocalModel(true);
        leadership.election().ifPresent(overrider::withLeaderElectionConfiguration);
    }

    private static void configure(
            ControllerConfigurationOverrider<DbPerformance> configuration, OperatorSettings settings) {
        if (settings.namespaces().isEmpty()) {
            configuration.watchingAllNamespaces();
        } else {
            configuration.settingNamespaces(settings.namespaces());
        }
        configuration
                .withReconciliationMaxInterval(settings.longestInterval())
                .withRetry(new GenericRetry()
                        .setInitialInterval(1000)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(LONGEST_RETRY_MILLIS)
                        .withoutMaxAttempts());
    }

    int adminPort() {
        return admin.port();
    }

    /**
     * What is being built ends first, while the lease is ours and the status can still be told; then the looking, then the
     * lease goes, for whoever comes next finds nothing half done.
     */
    @Override
    public void close() {
        leadership.stops();
        reconciler.stopWork();
        operator.stop();
        leadership.giveBack();
        admin.close();
    }
}
