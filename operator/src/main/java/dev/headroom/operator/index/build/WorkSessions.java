package dev.headroom.operator.index.build;

import dev.headroom.operator.database.DatabaseAccess;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The sessions of one piece of work, in the form in which Flyway asks for them; all can be broken off at once. */
final class WorkSessions implements DataSource {
    private static final System.Logger LOG = System.getLogger(WorkSessions.class.getName());

    private final DatabaseAccess database;
    private final Queue<Session> opened = new ConcurrentLinkedQueue<>();
    private volatile boolean aborted;

    WorkSessions(DatabaseAccess database) {
        this.database = database;
    }

    private record Session(Connection connection, Backend backend) {}

    @Override
    public Connection getConnection() throws SQLException {
        if (aborted) {
            throw new SQLException("the work was broken off", "08003");
        }
        Connection connection = database.openForWork("build");
        try {
            opened.add(new Session(connection, Backend.of(connection)));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Ends the wait for an answer on any of them. Says nothing to the server, which goes on with what it does. */
    void abort() {
        aborted = true;
        for (Session session : opened) {
            try {
                session.connection().abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "a session could not be broken off", e);
            }
        }
    }

    /** The same, and ends them on the server as well, where they would keep their locks. */
    void terminate(Connection through) throws SQLException {
        abort();
        for (Session session : opened) {
            session.backend().terminate(through);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the credentials of the resource are used");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("the limits of the operator's sessions are used");
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
