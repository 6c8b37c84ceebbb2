package dev.headroom.service.database.connection;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A {@link DataSource} over {@link PostgresConnector}, for the pool and for Flyway. */
final class ConnectorDataSource implements DataSource {

    private final PostgresConnector connector;
    private final Duration within;
    private final Consumer<SQLException> onTooMany;
    private volatile int loginTimeout;

    /**
     * Opens nothing yet.
     *
     * @param within for how long an attempt is repeated while nobody is there
     * @param onTooMany told when the server has no connection left
     */
    ConnectorDataSource(PostgresConnector connector, Duration within, Consumer<SQLException> onTooMany) {
        this.connector = connector;
        this.within = within;
        this.onTooMany = onTooMany;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return connector.openWithin(within);
        } catch (SQLException e) {
            if (PostgresConnector.isTooMany(e)) {
                onTooMany.accept(e);
            }
            throw e;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is that of database.user");
    }

    /** How long a pool that closes waits for connections that it is still opening. */
    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    /** Kept for the pool that sets it; what bounds a connection attempt is {@code database.connect-timeout}. */
    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("the driver logs through java.util.logging");
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.postgresql");
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
