package dev.headroom.insight;

import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A database of one test and a connection to it. */
public final class Db implements AutoCloseable {
    private final TestPostgres.Database database;
    private final Connection connection;

    public Db(String... statements) throws SQLException {
        database = TestPostgres.database();
        connection = database.connect();
        execute(statements);
    }

    public Connection connection() {
        return connection;
    }

    public Connection another() throws SQLException {
        return database.connect();
    }

    public String name() {
        return database.name();
    }

    public void execute(String... statements) throws SQLException {
        execute(connection, statements);
    }

    public static void execute(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What this connection did so far is counted when this returns; by itself a server takes its time. */
    public static void flushStatistics(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() >= 15) {
            execute(connection, "select pg_stat_force_next_flush()");
        } else {
            // Our own transactions report what happened until then, twice a second; the first may be older.
            for (int reports = 0; reports < 2; reports++) {
                long before = commits(connection);
                await().until(() -> commits(connection) > before);
            }
        }
    }

    private static long commits(Connection connection) throws SQLException {
        String sql = "select xact_commit from pg_stat_database where datname = current_database()";
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    public Structure structure(String... schemas) throws SQLException {
        return Structure.of(connection, List.of(schemas), List.of());
    }

    public Index index(String name) throws SQLException {
        return Indexes.of(connection, List.of("s")).stream()
                .filter(index -> index.name().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        database.close();
    }
}
