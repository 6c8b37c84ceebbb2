package dev.headroom.operator;

import dev.headroom.operator.cli.OperatorCommandLine;
import java.time.Clock;

/** The program: runs on a cluster, or plans and applies a file without one. */
public final class OperatorMain {

    /** The cluster of resources in files: their indexes have the same owner on every machine. */
    private static final String COMMAND_LINE = "command-line";

    private OperatorMain() {}

    public static void main(String[] arguments) {
        Logging.configure("WARNING");
        System.exit(new OperatorCommandLine(
                        meters -> Wiring.concerns(meters, COMMAND_LINE), Clock.systemUTC(), RunCommand.commandLine())
                .execute(arguments));
    }
}
