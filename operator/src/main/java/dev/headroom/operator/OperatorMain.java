package dev.headroom.operator;

import dev.headroom.operator.capacity.control.CapacityConcern;
import dev.headroom.operator.cli.OperatorCommandLine;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.index.IndexConcern;
import dev.headroom.operator.reconcile.AllowedHosts;
import dev.headroom.operator.reconcile.ClusterMetrics;
import dev.headroom.operator.reconcile.ClusterWorkloads;
import dev.headroom.operator.reconcile.DbPerformanceReconciler.ClusterView;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The program: runs on a cluster, or plans and applies a file without one. */
public final class OperatorMain {

    /** The cluster of resources in files: their indexes have the same owner on every machine. */
    private static final String COMMAND_LINE = "command-line";

    private OperatorMain() {}

    public static void main(String[] arguments) {
        Logging.configure("WARNING");
        System.exit(new OperatorCommandLine(
                        () -> concerns(new SimpleMeterRegistry(), COMMAND_LINE),
                        Clock.systemUTC(),
                        RunCommand.commandLine())
                .execute(arguments));
    }

    /** What an operator on a cluster does: its concerns, and what of the cluster they look at. */
    record Work(List<Concern<?>> concerns, List<ClusterView> views) {}

    /** The work on the cluster of this client. */
    static Work work(KubernetesClient client, MeterRegistry metrics, AllowedHosts allowed) {
        InstantSource steady = Concerns.steadyTime();
        ClusterWorkloads workloads = new ClusterWorkloads(client, "headroom-operator " + UUID.randomUUID());
        List<Concern<?>> concerns = new ArrayList<>(concerns(metrics, ClusterClient.identity(client)));
        concerns.add(new CapacityConcern(workloads, new ClusterMetrics(client, allowed, steady), steady));
        return new Work(concerns, List.of(workloads));
    }

    /**
     * The concerns that need no cluster, in the order in which they run.
     *
     * @param cluster the identity of the cluster that the resources are in
     */
    static List<Concern<?>> concerns(MeterRegistry metrics, String cluster) {
        return List.of(new IndexConcern(cluster, new Metrics.IndexWork(metrics)));
    }
}
