package dev.headroom.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Laptop} is asked to do.
 *
 * @param program the class whose {@code main} is run when the servers are up
 * @param arguments those of the program
 */
record LaptopOptions(String program, List<String> arguments, Path folder, int postgresPort, int redisPort) {

    // Neither the usual ports, where a PostgreSQL of the developer's own may listen, nor those of outgoing connections.
    private static final int POSTGRES_PORT = 15432;
    private static final int REDIS_PORT = 16379;
    private static final int LAST_PORT = 65_535;
    private static final String OURS = "--run.";
    private static final String USAGE = "Usage: Laptop main.Class [--run.folder=target/run] [--run.postgres-port="
            + POSTGRES_PORT + "] [--run.redis-port=" + REDIS_PORT + "] [arguments of the class]";

    static LaptopOptions parse(String[] args) {
        List<String> others = new ArrayList<>();
        Path folder = Path.of("target", "run");
        int postgres = POSTGRES_PORT;
        int redis = REDIS_PORT;
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            if (!arg.startsWith(OURS)) {
                others.add(arg);
            } else if (arg.startsWith(OURS + "folder=") && !value.isBlank()) {
                folder = Path.of(value);
            } else if (arg.startsWith(OURS + "postgres-port=")) {
                postgres = port(arg, value);
            } else if (arg.startsWith(OURS + "redis-port=")) {
                redis = port(arg, value);
            } else {
                throw new LaptopProblem("unknown option " + arg + "\n" + USAGE);
            }
        }
        if (others.isEmpty() || others.getFirst().startsWith("-")) {
            throw new LaptopProblem("which class is to be run?\n" + USAGE);
        }
        return new LaptopOptions(
                others.getFirst(),
                List.copyOf(others.subList(1, others.size())),
                folder.toAbsolutePath(),
                postgres,
                redis);
    }

    private static int port(String arg, String value) {
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= LAST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new LaptopProblem(arg + " is no port: a number from 1 to " + LAST_PORT);
    }
}
