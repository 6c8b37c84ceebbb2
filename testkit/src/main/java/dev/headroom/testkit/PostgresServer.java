package dev.headroom.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server; after a kill it recovers what was committed. */
public interface PostgresServer extends TestServer {

    String user();

    String password();

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

    /** Makes a standby a primary; returns once it takes writes. */
    default void promote() {
        execute("select pg_promote(true, 60)");
    }

    /** A fresh, empty database on it. */
    default TestPostgres.Database database() {
        return TestPostgres.Database.create(this);
    }
}
