package dev.headroom.operator.cli;

import dev.headroom.operator.cli.Report.Style;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.support.Durations;
import dev.headroom.support.VisibleText;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Does what plan says, for resources in mode Apply; a paused resource stays paused. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Makes it so, and shows the progress. Only for resources in mode Apply, or with --mode Apply.",
            "",
            "Exit code 0: all is as declared, 1: it is not."
        })
final class ApplyCommand implements Callable<Integer> {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AT_REST = Duration.ofSeconds(30);
    private static final Duration REMINDER = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    @Mixin
    private final FileSession.Options options = new FileSession.Options();

    @Option(
            names = "--mode",
            paramLabel = "Apply",
            converter = ApplyMode.class,
            description = "Apply also what the file says to observe only.")
    private @Nullable Mode mode;

    @Option(names = "--watch", description = "Stay, and keep it so until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = Limit.class,
            description = "How long to keep trying, such as 30m, also while a table is missing. Default: 24h, and an"
                    + " end at once when nothing but missing tables is in the way.")
    private @Nullable Duration timeout;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    private final Supplier<List<Concern<?>>> concerns;
    private final Clock clock;

    ApplyCommand(Supplier<List<Concern<?>>> concerns, Clock clock) {
        this.concerns = concerns;
        this.clock = clock;
    }

    /** The only mode that apply can be given. */
    static final class ApplyMode implements ITypeConverter<Mode> {
        @Override
        public Mode convert(String text) {
            if (!text.equalsIgnoreCase("Apply")) {
                throw new TypeConversionException("'" + text + "' is not Apply; plan is what only observes");
            }
            return Mode.APPLY;
        }
    }

    /** A duration as in the resource. */
    static final class Limit implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (watch && timeout != null) {
            throw new Refusal("--watch stays until Ctrl-C: it has no --timeout");
        }
        if (watch && options.output == FileSession.Output.json) {
            throw new Refusal("--watch has no end, and --output json is one document at the end: give one of the two");
        }
        FileSession session = new FileSession(options, concerns, clock);
        refuseObserved(session.resources());
        Thread stop = new Thread(() -> stop(session), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try (session) {
            return watch ? keep(session) : reach(session);
        } finally {
            removed(stop);
        }
    }

    private void refuseObserved(List<DbPerformance> resources) {
        String observed = resources.stream()
                .filter(each -> mode == null && each.getSpec().indexMode() != Mode.APPLY)
                .map(each -> each.getMetadata().getName())
                .collect(Collectors.joining(", "));
        if (!observed.isEmpty()) {
            throw new Refusal(observed + " is in mode Observe, so nothing was done: set spec.mode to Apply in "
                    + options.file + ", or give --mode Apply");
        }
    }

    /** Until nothing more will happen by itself, or time is over. */
    private int reach(FileSession session) throws InterruptedException {
        Duration patience = timeout == null ? LONGEST : timeout;
        Instant end = clock.instant().plus(patience);
        Progress progress = new Progress();
        Round round = look(session, progress);
        while (true) {
            // Somebody waits at a terminal: a wrong password ends the command at once.
            if (round.isBlind() || round.isSettled()) {
                return end(round, null);
            }
            if (timeout == null && round.waitsForTablesOnly()) {
                return end(round, "the rest waits for a table that does not exist; with --timeout apply waits for it");
            }
            if (clock.instant().isAfter(end)) {
                return end(round, "given up after " + patience.toSeconds() + " s: " + round.verdicts());
            }
            progress.remind(round, end);
            session.await(TICK);
            round = look(session, progress);
        }
    }

    private int end(Round round, @Nullable String error) {
        if (options.output == FileSession.Output.json) {
            command.commandLine().getOut().println(round.report().json());
        }
        if (error != null) {
            command.commandLine().getErr().println("error: " + VisibleText.of(error));
        }
        return error == null && round.isReady() ? OperatorCommandLine.OK : OperatorCommandLine.ERROR;
    }

    /** Until Ctrl-C. */
    private int keep(FileSession session) throws InterruptedException {
        Progress progress = new Progress();
        while (true) {
            session.await(look(session, progress).isSettled() ? AT_REST : TICK);
        }
    }

    private Round look(FileSession session, Progress progress) {
        List<Report.Resource> resources = new ArrayList<>();
        Map<DbPerformance, List<ConcernOutcome>> outcomes = new LinkedHashMap<>();
        for (DbPerformance resource : session.resources()) {
            List<ConcernOutcome> looked = session.look(resource, resource.isPaused() ? Mode.OBSERVE : Mode.APPLY);
            outcomes.put(resource, looked);
            resources.add(session.report(resource, looked));
        }
        Round round = new Round(new Report(resources));
        progress.begin(round);
        outcomes.forEach(progress::show);
        return round;
    }

    /** What one look at all resources found. */
    private record Round(Report report) {
        boolean isBlind() {
            return report.resources().stream().anyMatch(each -> !each.looked());
        }

        boolean isSettled() {
            return report.resources().stream().allMatch(Report.Resource::settled);
        }

        boolean isReady() {
            return report.resources().stream().allMatch(each -> each.ready() == Truth.TRUE);
        }

        boolean waitsForTablesOnly() {
            List<IndexStatus> left = report.resources().stream()
                    .flatMap(each -> each.steps().stream())
                    .filter(step -> step.state() != IndexStatus.State.RETAINED
                            && step.state() != IndexStatus.State.REFUSED
                            && step.state() != IndexStatus.State.CONFLICT)
                    .toList();
            return !left.isEmpty() && left.stream().allMatch(step -> step.state() == IndexStatus.State.TABLE_MISSING);
        }

        String verdicts() {
            return report.resources().stream()
                    .filter(each -> each.ready() != Truth.TRUE)
                    .map(each -> each.reason() + ": " + each.message())
                    .collect(Collectors.joining("; "));
        }
    }

    /**
     * A summary, then a line whenever an index is other than it was, and one about the whole when nothing more will happen, or
     * nothing can be seen. When nothing changes, a line a minute says what is waited for.
     */
    private final class Progress {
        private final PrintWriter out = options.output == FileSession.Output.json
                ? command.commandLine().getErr()
                : command.commandLine().getOut();
        private final boolean colours = options.output == FileSession.Output.text && Style.areWanted();
        private final Map<String, String> last = new HashMap<>();
        private Instant lastLine = clock.instant();
        private boolean begun;

        void begin(Round round) {
            if (!begun && !round.isBlind()) {
                begun = true;
                print(Style.BOLD, round.report().summary().text());
            }
        }

        void show(DbPerformance resource, List<ConcernOutcome> outcomes) {
            String name = resource.getMetadata().getName();
            if (resource.isPaused()) {
                changed(
                        name,
                        Style.WARNING,
                        name + ": paused by " + DbPerformance.PAUSED_ANNOTATION + ", nothing is done");
            }
            for (ConcernOutcome outcome : outcomes) {
                if (outcome.report() != null) {
                    outcome.report()
                            .status()
                            .indexes()
                            .forEach(index -> changed(
                                    name + "/" + index.table() + "/" + index.name(),
                                    Report.style(index.state()),
                                    Report.line(index)));
                }
                if (outcome.report() == null || outcome.report().settled()) {
                    outcome.verdicts()
                            .forEach((condition, verdict) -> changed(
                                    name + " " + condition,
                                    verdict.truth() == Truth.TRUE ? Style.GOOD : Style.BAD,
                                    name + ": " + verdict.reason() + ": " + verdict.message()));
                }
            }
        }

        void remind(Round round, Instant end) {
            if (lastLine.plus(REMINDER).isBefore(clock.instant())) {
                Duration left = Duration.between(clock.instant(), end);
                print(Style.WARNING, "still at it, for " + left.toMinutes() + " min more: " + round.verdicts());
            }
        }

        private void changed(String key, Style style, String line) {
            if (!line.equals(last.put(key, line))) {
                print(style, line);
            }
        }

        private void print(Style style, String line) {
            out.println(style.paint(VisibleText.of(line), colours));
            lastLine = clock.instant();
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
