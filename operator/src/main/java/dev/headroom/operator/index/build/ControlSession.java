package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.Session;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

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

    /**
     * The session that runs the statements of one resource's tasks, one after the other. It can be broken off from another thread;
     * the next task then gets a new one.
     */
    static final class WorkSession implements AutoCloseable {
        private final DatabaseAccess database;
        private volatile @Nullable Open open;

        WorkSession(DatabaseAccess database) {
            this.database = database;
        }

        private record Open(Connection connection, Backend backend) {}

        Connection connection() throws SQLException {
            return opened().connection();
        }

        Backend backend() throws SQLException {
            return opened().backend();
        }

        private Open opened() throws SQLException {
            Open now = open;
            if (now == null || now.connection().isClosed()) {
                Connection connection = database.openForWork("build");
                try {
                    now = new Open(connection, Backend.of(connection));
                } catch (SQLException e) {
                    connection.close();
                    throw e;
                }
                open = now;
            }
            return now;
        }

        /** Ends the wait for an answer. Says nothing to the server, which goes on with what it does. */
        void abort() {
            Open now = open;
            if (now != null) {
                try {
                    now.connection().abort(Runnable::run);
                } catch (SQLException e) {
                    LOG.log(System.Logger.Level.DEBUG, "could not be broken off", e);
                }
            }
        }

        /** Breaks it off, and ends it on the server as well, where it would keep its locks. */
        void terminate(Connection through) throws SQLException {
            Open now = open;
            abort();
            if (now != null) {
                now.backend().terminate(through);
            }
        }

        @Override
        public void close() throws SQLException {
            Open now = open;
            open = null;
            if (now != null) {
                now.connection().close();
            }
        }
    }
}
