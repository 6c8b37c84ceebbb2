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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private static final Duration AT_REST = Duration.ofSeconds(30);

    @Mixin
    private final FileOptions options = new FileOptions();

    @Option(names = "--watch", description = "Stay, and keep it so until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long to keep trying, such as 30m. Default: 24h; not with --watch, which stays.")
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
        if (watch && timeout != null) {
            throw new Refusal("--watch stays until Ctrl-C: it has no --timeout");
        }
        Duration longest = Limit.of(timeout);
        FileSession session = new FileSession(options, concerns, clock);
        Thread stop = new Thread(() -> stop(session), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try (session) {
            return watch ? keep(session) : reach(session, longest);
        } finally {
            removed(stop);
        }
    }

    /** Until nothing more will happen by itself, or time is over. */
    private int reach(FileSession session, Duration longest) throws InterruptedException {
        Instant end = clock.instant().plus(longest);
        ProgressLines lines = lines();
        Round round = round(session, lines);
        if (round.blind()) { // A wrong password at the terminal is no outage to be sat out.
            return FileCommands.ERROR;
        }
        while (!round.settled()) {
            if (clock.instant().isAfter(end)) {
                command.commandLine()
                        .getErr()
                        .println("error: given up after " + longest.toSeconds() + " s: " + round.verdicts());
                return FileCommands.ERROR;
            }
            session.await(TICK);
            round = round(session, lines);
        }
        return round.ready() ? FileCommands.OK : FileCommands.ERROR;
    }

    /** Until Ctrl-C. */
    private int keep(FileSession session) throws InterruptedException {
        ProgressLines lines = lines();
        while (true) {
            session.await(round(session, lines).settled() ? AT_REST : TICK);
        }
    }

    private ProgressLines lines() {
        return new ProgressLines(command.commandLine().getOut());
    }

    /** What one look at all resources found. */
    private record Round(boolean blind, boolean settled, boolean ready, String verdicts) {}

    private static Round round(FileSession session, ProgressLines lines) {
        List<ConcernOutcome> outcomes = new ArrayList<>();
        for (DbPerformance resource : session.resources()) {
            Mode mode = resource.isPaused() ? Mode.OBSERVE : Mode.APPLY;
            List<ConcernOutcome> looked = session.look(resource, mode);
            looked.forEach(outcome -> lines.print(resource, outcome));
            outcomes.addAll(looked);
        }
        return new Round(
                outcomes.stream().anyMatch(outcome -> !outcome.looked()),
                outcomes.stream()
                        .allMatch(outcome ->
                                outcome.report() != null && outcome.report().settled()),
                outcomes.stream().allMatch(outcome -> outcome.verdict().truth() == Truth.TRUE),
                outcomes.stream()
                        .filter(outcome -> outcome.verdict().truth() != Truth.TRUE)
                        .map(outcome -> outcome.verdict().reason() + ": "
                                + outcome.verdict().message())
                        .collect(Collectors.joining("; ")));
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
