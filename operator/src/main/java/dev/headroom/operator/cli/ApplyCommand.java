package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.metrics.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Does it: the command is the consent, whatever spec.mode says; a paused resource stays paused. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Makes it so, and shows the progress. Exit code 0: all is as declared, 1: it is not.")
final class ApplyCommand implements Callable<Integer> {

    private static final Duration TICK = Duration.ofSeconds(1);

    @Mixin
    private final FileOptions options = new FileOptions();

    @Option(names = "--watch", description = "Stay, and keep it so until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--timeout",
            defaultValue = "24h",
            paramLabel = "DURATION",
            description = "How long to keep trying, such as 30m. Default: ${DEFAULT-VALUE}.")
    private @Nullable String timeout;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    private final Function<Meters, List<Concern>> concerns;
    private final Clock clock;

    ApplyCommand(Function<Meters, List<Concern>> concerns, Clock clock) {
        this.concerns = concerns;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Instant end = clock.instant().plus(Limit.of(timeout));
        FileSession session = new FileSession(options, concerns, clock);
        Thread stop = new Thread(() -> stop(session), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try (session) {
            ProgressLines lines = new ProgressLines(command.commandLine().getOut());
            for (boolean first = true; ; first = false) {
                boolean blind = false;
                boolean settled = true;
                boolean ready = true;
                for (DbPerformance resource : session.resources()) {
                    Mode mode = resource.isPaused() ? Mode.OBSERVE : Mode.APPLY;
                    for (ConcernOutcome outcome : session.look(resource, mode)) {
                        lines.print(resource, outcome);
                        blind |= !outcome.looked();
                        settled &= outcome.report() != null && outcome.report().settled();
                        ready &= outcome.verdict().truth() == Truth.TRUE;
                    }
                }
                if (first && blind && !watch) { // A wrong password at the terminal is no outage to be sat out.
                    return FileCommands.ERROR;
                }
                if (!watch && (settled || clock.instant().isAfter(end))) {
                    return ready ? FileCommands.OK : FileCommands.ERROR;
                }
                session.await(settled ? TICK.multipliedBy(30) : TICK);
            }
        } finally {
            removed(stop);
        }
    }

    private void stop(FileSession session) {
        command.commandLine()
                .getErr()
                .println("stopping: a build under way is given up and cleaned away, what is built stays");
        session.close();
    }

    /** A hook cannot be removed while the program ends, and need not be. */
    private static void removed(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return;
        }
    }
}
