package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.metrics.Meters;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what apply would do. The SQL goes to standard output, so that it can be kept; comments begin with two dashes. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Prints what would change, as exact SQL. Exit code 0: nothing, 2: something, 1: an error.")
final class PlanCommand implements Callable<Integer> {

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
        boolean blind = false;
        boolean pending = false;
        try (FileSession session = new FileSession(options, concerns, clock)) {
            for (DbPerformance resource : session.resources()) {
                for (ConcernOutcome outcome : session.look(resource, Mode.OBSERVE)) {
                    blind |= !outcome.looked();
                    pending |= !outcome.pending().isEmpty();
                    print(out, resource, outcome);
                }
            }
        }
        if (blind) {
            return FileCommands.ERROR;
        }
        return pending ? FileCommands.SOMETHING_TO_DO : FileCommands.OK;
    }

    private static void print(PrintWriter out, DbPerformance resource, ConcernOutcome outcome) {
        out.println("-- " + resource.getMetadata().getName() + " on "
                + resource.getSpec().database().identity() + ": "
                + outcome.verdict().reason() + ": " + outcome.verdict().message());
        outcome.pending().forEach(sql -> out.println(sql.endsWith(";") ? sql : sql + ";"));
    }
}
