package dev.headroom.operator.cli;

import dev.headroom.operator.cli.Report.Style;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.Mode;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what apply would do, as an SQL script whose comments are the explanation. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what would change, as exact SQL, and what else was found. Changes nothing, whatever spec.mode says.",
            "",
            "Exit code 0: all is as declared, 2: there is something to do, 1: an error, or an index that cannot be built as"
                    + " declared."
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private final FileSession.Options options = new FileSession.Options();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    private final Supplier<List<Concern<?>>> concerns;
    private final Clock clock;

    PlanCommand(Supplier<List<Concern<?>>> concerns, Clock clock) {
        this.concerns = concerns;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        List<Report.Resource> resources = new ArrayList<>();
        try (FileSession session = new FileSession(options, concerns, clock)) {
            for (DbPerformance resource : session.resources()) {
                resources.add(session.report(resource, session.look(resource, Mode.OBSERVE)));
            }
        }
        Report report = new Report(resources);
        PrintWriter out = command.commandLine().getOut();
        if (options.output == FileSession.Output.json) {
            out.println(report.json());
        } else {
            script(report).print(out, Style.areWanted());
        }
        return report.exitCode();
    }

    private static SqlScript script(Report report) {
        SqlScript script = new SqlScript();
        boolean several = report.resources().size() > 1;
        if (several) {
            script.comment(
                    Style.BOLD,
                    report.resources().size() + " resources: "
                            + report.summary().text());
        }
        for (Report.Resource resource : report.resources()) {
            if (several) {
                script.comment(Style.PLAIN, "");
            }
            script.comment(
                    Style.BOLD,
                    resource.name() + " on " + resource.database() + ": "
                            + resource.summary().text());
            print(script, resource);
        }
        return script;
    }

    private static void print(SqlScript script, Report.Resource resource) {
        // Where there are steps, they say it with more words.
        if (!resource.looked() || resource.steps().isEmpty()) {
            script.comment(resource.looked() ? Style.PLAIN : Style.BAD, resource.reason() + ": " + resource.message());
        }
        for (IndexStatus step : resource.steps()) {
            script.comment(Style.PLAIN, "");
            script.comment(Report.style(step.state()), Report.line(step));
            step.sql().forEach(script::statement);
        }
        if (!resource.findings().isEmpty()) {
            script.comment(Style.PLAIN, "");
            script.comment(Style.BOLD, "Findings, which apply leaves as they are:");
        }
        for (FindingStatus found : resource.findings()) {
            script.comment(
                    Report.style(found),
                    found.severity() + " " + found.kind() + " " + found.object() + ": " + found.evidence());
            if (found.suggestion() != null) {
                script.commentedSql(found.suggestion());
            }
        }
    }
}
