package dev.headroom.operator;

import dev.headroom.operator.cli.OperatorCommandLine;
import java.time.Clock;

/** The program: runs on a cluster, or plans and applies a file without one. */
public final class OperatorMain {

    private OperatorMain() {}

    public static void main(String[] arguments) {
        Logging.configure("WARNING");
        System.exit(new OperatorCommandLine(Wiring::concerns, Clock.systemUTC(), RunCommand.commandLine())
                .execute(arguments));
    }
}
