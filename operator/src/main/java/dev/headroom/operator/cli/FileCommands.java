package dev.headroom.operator.cli;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.metrics.Meters;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 nothing to do or all done, 2 something to do, 1 an error. */
@Command(
        name = "headroom-operator",
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = false,
        synopsisSubcommandLabel = "(run | plan | apply)",
        description = {
            "Keeps the indexes of PostgreSQL databases as DbPerformance resources declare them.",
            "",
            "run (the default) reconciles the resources of a cluster; its settings, --name=value or HEADROOM_NAME, are in",
            "docs/reference/operator-settings.md. plan and apply work on a file, without a cluster."
        })
public final class FileCommands {

    static final int OK = 0;
    static final int ERROR = 1;
    static final int SOMETHING_TO_DO = 2;

    private final Function<Meters, List<Concern>> concerns;
    private final Clock clock;

    public FileCommands(Function<Meters, List<Concern>> concerns, Clock clock) {
        this.concerns = concerns;
        this.clock = clock;
    }

    public int run(String... arguments) {
        return run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
    }

    int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commands = new CommandLine(this)
                .addSubcommand(new PlanCommand(concerns, clock))
                .addSubcommand(new ApplyCommand(concerns, clock));
        commands.getCommandSpec().version(version());
        commands.getSubcommands().values().forEach(each -> each.getCommandSpec().version(version()));
        return commands.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, given) -> {
                    err.println("error: " + e.getMessage());
                    e.getCommandLine().usage(err);
                    return ERROR;
                })
                .setExecutionExceptionHandler((e, command, given) -> {
                    err.println("error: " + (e instanceof Refusal ? e.getMessage() : e.toString()));
                    return ERROR;
                })
                .execute(arguments);
    }

    private static String version() {
        String version = FileCommands.class.getPackage().getImplementationVersion();
        return "headroom-operator " + (version == null ? "dev" : version);
    }
}
