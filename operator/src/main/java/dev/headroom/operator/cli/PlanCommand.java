package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Section;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.metrics.Meters;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what apply would do. The SQL goes to standard output, so that it can be kept; comments begin with two dashes. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Prints what would change, as exact SQL. Exit code 0: all is as declared, 2: there is something to do, "
                        + "1: an error, or an index that cannot be built as declared.")
final class PlanCommand implements Callable<Integer> {

    /** What waiting or applying alone does not heal. */
    private static final Set<State> AMISS = Set.of(State.REFUSED, State.CONFLICT, State.FAILED);

    @Mixin
    private final FileOptions options = new FileOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    private final Function<Meters, List<Concern>> concerns;
    private final Clock clock;

    PlanCommand(Function<Meters, List<Concern>> concerns, Clock clock) {
        this.concerns = concerns;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        int worst = FileCommands.OK;
        try (FileSession session = new FileSession(options, concerns, clock)) {
            for (DbPerformance resource : session.resources()) {
                for (ConcernOutcome outcome : session.look(resource, Mode.OBSERVE)) {
                    print(out, resource, outcome);
                    int code = code(outcome);
                    worst = worst == FileCommands.ERROR || code == FileCommands.OK ? worst : code;
                }
            }
        }
        return worst;
    }

    private static int code(ConcernOutcome outcome) {
        if (!outcome.looked() || indexes(outcome).anyMatch(index -> AMISS.contains(index.state()))) {
            return FileCommands.ERROR;
        }
        boolean asDeclared =
                outcome.verdict().truth() == Truth.TRUE && outcome.pending().isEmpty();
        return asDeclared ? FileCommands.OK : FileCommands.SOMETHING_TO_DO;
    }

    private void print(PrintWriter out, DbPerformance resource, ConcernOutcome outcome) {
        SqlScript script = new SqlScript();
        script.comment(resource.getMetadata().getName() + " on " + options.target(resource) + ": "
                + outcome.verdict().reason() + ": " + outcome.verdict().message());
        indexes(outcome)
                .filter(index -> index.state() != State.VALID && index.sql().isEmpty())
                .forEach(index -> script.comment(ProgressLines.line(index)));
        findings(outcome).forEach(found -> {
            script.comment(found.severity() + " " + found.kind() + " " + found.object() + ": " + found.evidence());
            if (found.suggestion() != null) {
                script.commentedSql(found.suggestion());
            }
        });
        outcome.pending().forEach(script::statement);
        script.print(out);
    }

    private static Stream<IndexStatus> indexes(ConcernOutcome outcome) {
        ConcernReport report = outcome.report();
        return report == null
                ? Stream.empty()
                : switch (report.section()) {
                    case Section.Indexes found -> found.indexes().stream();
                };
    }

    private static Stream<FindingStatus> findings(ConcernOutcome outcome) {
        ConcernReport report = outcome.report();
        return report == null
                ? Stream.empty()
                : switch (report.section()) {
                    case Section.Indexes found -> found.findings().stream();
                };
    }
}
