package dev.headroom.operator.cli;

import dev.headroom.operator.cli.Report.Style;
import dev.headroom.operator.concern.Concern;
import dev.headroom.support.InvalidSettings;
import dev.headroom.support.Suggestion;
import dev.headroom.support.VisibleText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 nothing to do or all done, 2 something to do, 1 an error. */
@Command(
        name = "headroom-operator",
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        description = {
            "Keeps the indexes of PostgreSQL databases as DbPerformance resources declare them.",
            "",
            "run works on the resources of a cluster, plan and apply on those of a file, without a cluster."
        },
        footer = {"", "headroom-operator COMMAND --help says more of each."})
public final class OperatorCommandLine implements Callable<Integer> {

    static final int OK = 0;
    static final int ERROR = 1;
    static final int SOMETHING_TO_DO = 2;

    private final Supplier<List<Concern<?>>> concerns;
    private final Clock clock;
    private final CommandLine run;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    /** {@code run} is the command that works on a cluster. */
    public OperatorCommandLine(Supplier<List<Concern<?>>> concerns, Clock clock, CommandLine run) {
        this.concerns = concerns;
        this.clock = clock;
        this.run = run;
    }

    /** Without a command: help, as kubectl does. */
    @Override
    public Integer call() {
        command.commandLine().usage(command.commandLine().getOut());
        return OK;
    }

    public int execute(String... arguments) {
        return execute(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
    }

    int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commands = new CommandLine(this)
                .addSubcommand(run)
                .addSubcommand(new PlanCommand(concerns, clock))
                .addSubcommand(new ApplyCommand(concerns, clock))
                .addSubcommand(new Completion());
        commands.getCommandSpec().version(version());
        commands.getSubcommands().values().forEach(each -> each.getCommandSpec().version(version()));
        return commands.setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Style.areWanted() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((e, given) -> {
                    err.println("error: " + VisibleText.of(sentence(e)));
                    return ERROR;
                })
                .setExecutionExceptionHandler((e, command, given) -> {
                    problems(e).forEach(problem -> err.println("error: " + VisibleText.of(problem)));
                    return ERROR;
                })
                .execute(arguments);
    }

    private static List<String> problems(Exception e) {
        return switch (e) {
            case Refusal refusal -> refusal.problems();
            case InvalidSettings invalid -> invalid.problems();
            case SqlScript.UnsafeSql unsafe -> List.of(String.valueOf(unsafe.getMessage()));
            default -> List.of(e.toString());
        };
    }

    /** Describes a mistake in the arguments in one line, with a suggestion. */
    private static String sentence(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String help = spec.qualifiedName() + " --help lists them";
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(e.getMessage()).replace("\n", " ");
        }
        String given = unmatched.getUnmatched().getFirst();
        if (given.startsWith("-")) {
            boolean setting = spec.parent() == null && given.startsWith("--") && given.contains("=");
            return "there is no option " + given
                    + (setting
                            ? "; settings belong to run: " + spec.name() + " run " + given
                            : suggestion(
                                    given.split("=", 2)[0], spec.optionsMap().keySet(), help));
        }
        return spec.subcommands().isEmpty()
                ? spec.name() + " takes no argument " + given + "; options begin with --, " + help
                : "there is no command " + given
                        + suggestion(given, spec.subcommands().keySet(), help);
    }

    private static String suggestion(String given, Collection<String> known, String help) {
        return Suggestion.closest(given, known)
                .map(closest -> "; did you mean " + closest + "?")
                .orElse("; " + help);
    }

    private static String version() {
        String version = OperatorCommandLine.class.getPackage().getImplementationVersion();
        return "headroom-operator " + (version == null ? "dev" : version);
    }

    /** Shells that can complete the command line. */
    enum Shell {
        bash,
        zsh
    }

    /** The command {@code completion}: prints a completion script for a shell. */
    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            description = {
                "Prints a completion script for bash or zsh.",
                "",
                "bash: source <(headroom-operator completion bash)",
                "zsh:  source <(headroom-operator completion zsh)"
            })
    static final class Completion implements Callable<Integer> {

        @Parameters(paramLabel = "bash|zsh", description = "The shell.")
        @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // picocli's; it refuses other shells
        private Shell shell;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec command;

        /** One script for both: in zsh it loads what makes zsh understand bash's. */
        @Override
        public Integer call() {
            CommandLine all = command.parent().commandLine();
            command.commandLine().getOut().print(AutoComplete.bash(all.getCommandName(), all));
            command.commandLine().getOut().flush();
            return OK;
        }
    }
}
