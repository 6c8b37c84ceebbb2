package dev.headroom.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments ask for.
 *
 * @param settings given as {@code --server.port=9090}
 * @param file a settings file
 */
record CommandLine(Task task, Map<String, String> settings, Optional<String> file) {
    static final String USAGE = """
            Usage: headroom-service [--config=FILE] [--<setting>=<value> ...] [task]

            Serves the catalogs. Instead, one task can be given:
              --check-catalogs           check every catalog against the database, list all mistakes, exit
              --sample-scale=NUMBER      fill the catalogs' empty tables with sample data, exit
              --help, --version

              --config=FILE              settings in YAML; also HEADROOM_CONFIG
              --server.port=9090         any setting of docs/settings.md; also HEADROOM_SERVER_PORT=9090

            Exit codes: 0 done or stopped, 1 something is wrong with settings, catalogs or ports, 2 wrong usage.
            """;

    /** What to do; serving is one of them. */
    sealed interface Task {
        /** Serve until stopped. */
        record Serve() implements Task {}

        /** Check the catalogs and exit. */
        record CheckCatalogs() implements Task {}

        /** Load sample data and exit. */
        record LoadSample(double scale) implements Task {}

        /** Say how to use it. */
        record Help() implements Task {}

        /** Say what it is. */
        record Version() implements Task {}
    }

    /** Arguments that cannot be understood. */
    static final class WrongUsage extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }

    static CommandLine parse(String[] args, Map<String, String> environment) throws WrongUsage {
        Map<String, String> settings = new LinkedHashMap<>();
        String file = environment.get("HEADROOM_CONFIG");
        Task task = null;
        for (String arg : args) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            String value = equals < 0 ? null : arg.substring(equals + 1);
            Optional<Task> named = task(name, value);
            if (named.isPresent() && task != null) {
                throw new WrongUsage("only one task at a time: " + arg);
            } else if (named.isPresent()) {
                task = named.get();
            } else if (name.equals("--config") && value != null) {
                file = value;
            } else if (name.startsWith("--") && name.indexOf('.') > 2 && value != null) {
                settings.put(name.substring(2), value);
            } else {
                throw new WrongUsage("unknown argument: " + name);
            }
        }
        return new CommandLine(task == null ? new Task.Serve() : task, settings, Optional.ofNullable(file));
    }

    private static Optional<Task> task(String name, @Nullable String value) throws WrongUsage {
        if (name.equals("--sample-scale")) {
            return Optional.of(new Task.LoadSample(scale(value)));
        }
        if (value != null) {
            return Optional.empty();
        }
        return switch (name) {
            case "--check-catalogs" -> Optional.of(new Task.CheckCatalogs());
            case "--help", "-h" -> Optional.of(new Task.Help());
            case "--version" -> Optional.of(new Task.Version());
            default -> Optional.empty();
        };
    }

    private static double scale(@Nullable String value) throws WrongUsage {
        try {
            double scale = value == null ? Double.NaN : Double.parseDouble(value);
            if (scale >= 0.0001 && scale <= 100) {
                return scale;
            }
        } catch (NumberFormatException notOne) {
            // said below
        }
        throw new WrongUsage("--sample-scale wants a number from 0.0001 to 100, as in --sample-scale=0.01");
    }
}
