package dev.headroom.testkit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
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

    private static final int FAILED = 1;
    private static final String DATABASE = "headroom";

    private Laptop() {}

    public static void main(String[] args) throws Exception {
        try {
            LaptopOptions options = LaptopOptions.parse(args);
            List<String> arguments = new ArrayList<>(options.arguments());
            startServers(options).forEach(setting -> addUnlessGiven(arguments, setting));
            run(options.program(), arguments);
        } catch (LaptopProblem problem) {
            System.err.println(problem.getMessage());
            System.exit(FAILED);
        }
    }

    /** Starts both at once and returns the settings by which the program finds them. */
    private static List<String> startServers(LaptopOptions options) throws IOException {
        LaptopFolder folder = LaptopFolder.take(options.folder());
        CompletableFuture<RedisServer> redis = CompletableFuture.supplyAsync(() -> redis(options));
        PostgresServer postgres = postgres(folder, options);
        String url = postgres.jdbcUrl(DATABASE);
        String redisUrl = join(redis).url();
        System.err.printf(
                "PostgreSQL at postgresql://%s:%s@%s:%d/%s (data and postgres.log in %s, empty again with rm -r), Redis at %s%n"
                        + "No other machine can reach them, nor the service: ARGS=--server.host=0.0.0.0 opens the service to the network%n",
                postgres.user(),
                postgres.password(),
                postgres.host(),
                postgres.port(),
                DATABASE,
                folder.path(),
                redisUrl);
        return List.of(
                "--server.host=" + postgres.host(), // a laptop may be in somebody else's network
                "--database.url=" + url,
                "--database.user=" + postgres.user(),
                "--database.password=" + postgres.password(),
                "--redis.url=" + redisUrl);
    }

    private static PostgresServer postgres(LaptopFolder folder, LaptopOptions options) throws IOException {
        folder.endServerLeftBehind();
        LaptopFolder.awaitFree("PostgreSQL", options.postgresPort(), "--run.postgres-port");
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
            throw new LaptopProblem("PostgreSQL in " + folder.path() + ": " + e.getMessage());
        }
        return server;
    }

    private static RedisServer redis(LaptopOptions options) {
        LaptopFolder.awaitFree("Redis", options.redisPort(), "--run.redis-port");
        return EmbeddedRedis.onPort(options.redisPort(), RedisOptions.defaults());
    }

    private static RedisServer join(CompletableFuture<RedisServer> redis) {
        try {
            return redis.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LaptopProblem problem
                    ? problem
                    : new LaptopProblem(String.valueOf(e.getCause()));
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
            throw new LaptopProblem("there is no class " + program + " on the class path");
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
