package dev.headroom.operator;

import dev.headroom.operator.cli.OperatorCommandLine;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.index.IndexConcern;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;

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

    /**
     * The concerns of this operator, in the order in which they run.
     *
     * @param cluster the identity of the cluster that the resources are in
     */
    static List<Concern<?>> concerns(MeterRegistry metrics, String cluster) {
        return List.of(new IndexConcern(cluster, new Metrics.IndexWork(metrics)));
    }
}
