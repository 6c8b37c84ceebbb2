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

    /**
     * Sends a signal, as {@code STOP} or {@code CONT}, to the process that serves one session.
     *
     * @param pid as {@code pg_stat_activity} has it, which is a number in the namespace of the server's processes: in this
     *     machine's it may be that of somebody else
     */
    default void signal(String name, long pid) {
        throw Skipped.because(
                "the processes of this PostgreSQL cannot be signalled from here", "TEST_BACKEND=embedded");
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
