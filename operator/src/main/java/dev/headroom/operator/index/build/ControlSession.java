package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.Session;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The two sessions of whoever has the turn on a database: this one looks and holds the locks, its {@link WorkSession} runs the
 * statements. They serve one task after the other, also of several resources as long as the role is the same.
 */
final class ControlSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlSession.class.getName());

    private static final int PING_SECONDS = 5;

    private final DatabaseAccess database;
    private final Connection connection;
    private final Backend backend;
    private final WorkSession work;

    private ControlSession(DatabaseAccess database, Connection connection) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.backend = Backend.of(connection);
        this.work = new WorkSession(database);
    }

    static ControlSession open(DatabaseAccess database) throws SQLException {
        Connection connection = database.open("work");
        try {
            Session.forManyLooks(connection);
            return new ControlSession(database, connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    WorkSession work() {
        return work;
    }

    /** Whether it is one of this role on this database, and alive. */
    boolean serves(DatabaseAccess other) throws SQLException {
        return database.toString().equals(other.toString()) && isAlive();
    }

    boolean isAlive() throws SQLException {
        return connection.isValid(PING_SECONDS);
    }

    /**
     * Breaks it off where it does not answer at once: the connection of the work was lost, and in a failover all of them are. Waiting
     * for the time-out of its next statement would take half a minute.
     */
    void abortIfSilent() throws SQLException {
        if (!isAlive()) {
            connection.abort(Runnable::run);
        }
    }

    /** After it broke: the server may not know, and a session without an end would keep its locks there. */
    void endOnTheServer() {
        try (Connection another = database.open("work")) {
            backend.terminate(another);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "left to the keepalive of the server", e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            work.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a session did not close", e);
        }
    }
}
