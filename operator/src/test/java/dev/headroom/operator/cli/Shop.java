package dev.headroom.operator.cli;

import dev.headroom.operator.index.IndexConcern;
import dev.headroom.operator.index.Sqls;
import dev.headroom.operator.index.build.IndexWork.WorkObserver;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A database with a table, a file that declares an index on it, and somebody at a terminal. */
final class Shop implements AutoCloseable {

    final TestPostgres.Database database = TestPostgres.database();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final Path file;

    Shop(Path folder) throws IOException, SQLException {
        Sqls.run(database, "CREATE TABLE tasks (id int PRIMARY KEY, status text)");
        file = Files.writeString(folder.resolve("shop.yaml"), """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: shop}
                spec:
                  mode: Apply
                  database: {host: %s, port: %d, name: %s, credentialsSecretRef: {name: db}, tls: {mode: disable}}
                  indexes: {declared: [{name: ix_tasks_status, table: tasks, columns: [status]}]}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: db}
                stringData: {username: %s, password: "%s"}
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password()));
    }

    /** Makes the build take a hundredth of a second for each of so many rows. */
    void slow(int rows) throws IOException, SQLException {
        Sqls.run(
                database,
                "CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'",
                "INSERT INTO tasks SELECT i, 's' FROM generate_series(1, " + rows + ") i");
        replace("columns: [status]", "keys: [{expression: slow(id)}]");
    }

    /** In the file. */
    void replace(String was, String is) throws IOException {
        Files.writeString(file, Files.readString(file).replace(was, is));
    }

    /** The exit code of a command on the file; what it says is in {@link #out} and {@link #err}. */
    int run(String command, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(command, "-f", file.toString()));
        arguments.addAll(List.of(more));
        return runBare(arguments.toArray(String[]::new));
    }

    int runBare(String... arguments) {
        CommandLine run = new CommandLine(CommandSpec.create().name("run").mixinStandardHelpOptions(true));
        return new OperatorCommandLine(
                        () -> List.of(new IndexConcern("command-line", WorkObserver.NONE)), Clock.systemUTC(), run)
                .execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    /** Forgets what was said. */
    void clear() {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }

    @Override
    public void close() {
        database.close();
    }
}
