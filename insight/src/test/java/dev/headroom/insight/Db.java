package dev.headroom.insight;

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

    public Structure structure(String... schemas) throws SQLException {
        return Structure.of(connection, List.of(schemas));
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
