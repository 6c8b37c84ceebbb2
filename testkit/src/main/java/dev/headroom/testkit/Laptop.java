package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * {@code make run}: PostgreSQL and Redis on this machine, then a program that uses them, in this JVM. All of it listens on the
 * loopback interface alone, unless the program is given another {@code server.host}.
 *
 * <p>There is no shutdown hook here, on purpose. Ctrl-C reaches this JVM alone; it ends as the program ends it, after that
 * has closed its connections, with its exit code. The servers are on the leash of this JVM: they stop when it is gone.
 */
public final class Laptop {

    private static final String DATABASE = "headroom";

    private Laptop() {}

    public static void main(String[] args) throws Exception {
        try {
            Options options = Options.parse(args);
            List<String> arguments = new ArrayList<>(options.arguments());
            startServers(options).forEach(setting -> addUnlessGiven(arguments, setting));
            run(options.program(), arguments);
        } catch (Problem problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }

    /** Starts both at once and returns the settings by which the program finds them. */
    private static List<String> startServers(Options options) throws IOException {
        LaptopFolder folder = LaptopFolder.take(options.folder());
        CompletableFuture<RedisServer> starting = CompletableFuture.supplyAsync(() -> redis(options));
        PostgresServer postgres = postgres(folder, options);
        RedisServer redis;
        try {
            redis = starting.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Problem problem ? problem : new Problem(String.valueOf(e.getCause()));
        }
        System.err.printf(
                "PostgreSQL at postgresql://%s:%s@%s:%d/%s (data and postgres.log in %s, empty again with rm -r), Redis at %s%n"
                        + "No other machine can reach them, nor the service: ARGS=--server.host=0.0.0.0 opens the service to the network%n",
                postgres.user(),
                postgres.password(),
                postgres.host(),
                postgres.port(),
                DATABASE,
                folder.path(),
                redis.url());
        return List.of(
                "--server.host=" + postgres.host(), // a laptop may be in somebody else's network
                "--database.url=" + postgres.jdbcUrl(DATABASE),
                "--database.user=" + postgres.user(),
                "--database.password=" + postgres.password(),
                "--redis.url=" + redis.url());
    }

    private static PostgresServer postgres(LaptopFolder folder, Options options) throws IOException {
        folder.endServerLeftBehind();
        awaitFree("PostgreSQL", options.postgresPort(), "--run.postgres-port");
        PostgresServer server =
                EmbeddedPostgres.keptIn(folder.path(), options.postgresPort(), PostgresOptions.defaults());
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            if (!statement
                    .executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")
                    .next()) {
                statement.execute("CREATE DATABASE " + DATABASE + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
            }
        } catch (SQLException e) {
            throw new Problem("PostgreSQL in " + folder.path() + ": " + e.getMessage());
        }
        return server;
    }

    private static RedisServer redis(Options options) {
        awaitFree("Redis", options.redisPort(), "--run.redis-port");
        return EmbeddedRedis.onPort(options.redisPort(), RedisOptions.defaults());
    }

    /** A server that is just being stopped frees its port in a moment; any other does not. */
    private static void awaitFree(String what, int port, String option) {
        if (!Await.within(LaptopFolder.A_STOP_UNDER_WAY, () -> FreePort.isFree(port))) {
            throw new Problem("port " + port + ", where " + what
                    + " is to listen, is taken by another program: stop that, or choose another port, as in make run ARGS="
                    + option + "=" + (port + 1));
        }
    }

    /** A setting that the developer gave wins: the program can be pointed at another database. */
    private static void addUnlessGiven(List<String> arguments, String setting) {
        String name = setting.substring(0, setting.indexOf('=') + 1);
        if (arguments.stream().noneMatch(given -> given.startsWith(name))) {
            arguments.add(setting);
        }
    }

    private static void run(String program, List<String> arguments) throws Exception {
        try {
            Class.forName(program).getMethod("main", String[].class).invoke(null, (Object)
                    arguments.toArray(String[]::new));
        } catch (ClassNotFoundException e) {
            throw new Problem("there is no class " + program + " on the class path");
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Why {@code make run} cannot start, in words for whoever typed it. */
    static final class Problem extends RuntimeException {
        Problem(String message) {
            super(message);
        }
    }

    /**
     * What the developer asked for.
     *
     * @param program the class whose {@code main} is run when the servers are up
     * @param arguments those of the program
     */
    private record Options(String program, List<String> arguments, Path folder, int postgresPort, int redisPort) {

        private static final String USAGE = "Usage: Laptop main.Class [--run.folder=target/run]"
                + " [--run.postgres-port=15432] [--run.redis-port=16379] [arguments of the class]";

        static Options parse(String[] args) {
            List<String> others = new ArrayList<>();
            Path folder = Path.of("target", "run");
            // Neither the usual ports, where a PostgreSQL of the developer's own may listen, nor those of outgoing
            // connections.
            int postgres = 15_432;
            int redis = 16_379;
            for (String arg : args) {
                String name = arg.substring(0, arg.indexOf('=') + 1);
                String value = arg.substring(name.length());
                switch (name) {
                    case "--run.folder=" -> folder = Path.of(value);
                    case "--run.postgres-port=" -> postgres = port(arg, value);
                    case "--run.redis-port=" -> redis = port(arg, value);
                    default -> {
                        if (arg.startsWith("--run.")) {
                            throw new Problem("unknown option " + arg + "\n" + USAGE);
                        }
                        others.add(arg);
                    }
                }
            }
            if (others.isEmpty() || others.getFirst().startsWith("-")) {
                throw new Problem("which class is to be run?\n" + USAGE);
            }
            List<String> rest = List.copyOf(others.subList(1, others.size()));
            return new Options(others.getFirst(), rest, folder.toAbsolutePath(), postgres, redis);
        }

        private static int port(String arg, String value) {
            int port = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
            if (port < 1 || port > 65_535) {
                throw new Problem(arg + " is no port: a number from 1 to 65535");
            }
            return port;
        }
    }
}
