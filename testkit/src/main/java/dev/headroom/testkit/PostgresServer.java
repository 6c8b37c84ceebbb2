package dev.headroom.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server that a test may hurt. After each of the verbs it is at the same address as before. */
public interface PostgresServer extends AutoCloseable {

    String host();

    int port();

    String user();

    String password();

    /** Stops it in an orderly way and starts it again; existing connections break. */
    void restart();

    /** Ends all its processes at once, as a power cut or the OOM killer does; {@link #start()} brings it back. */
    void kill();

    /** Starts it after a {@link #kill()}; it recovers what was committed. */
    void start();

    /** Freezes it: connections stay open, nothing answers. */
    void suspend();

    /** Ends a {@link #suspend()}. */
    void resume();

    /** Stops it and removes its data. */
    @Override
    void close();

    default String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user(), password());
    }

    /** As superuser, in the database {@code postgres}. */
    default void execute(String sql) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    /** Whether this extension can be created here. */
    default boolean has(String extension) {
        try (Connection connection = connect("postgres");
                PreparedStatement statement =
                        connection.prepareStatement("SELECT FROM pg_available_extensions WHERE name = ?")) {
            statement.setString(1, extension);
            return statement.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException("extensions: " + e.getMessage(), e);
        }
    }

    /** A fresh, empty database on it. */
    default TestPostgres.Database database() {
        return TestPostgres.Database.create(this, "template0");
    }
}
