package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The session that runs the statements of one resource's tasks, one after the other. It can be broken off from another thread;
 * the next task then gets a new one.
 */
final class WorkSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkSession.class.getName());

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
