package dev.headroom.service.database.connection;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A new physical connection each time; its owner closes it. */
final class DirectConnections implements DataSource {

    private final Connecting connecting;

    DirectConnections(Connecting connecting) {
        this.connecting = connecting;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connecting.open();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        Properties others = new Properties();
        others.putAll(connecting.properties());
        others.setProperty("user", user);
        others.setProperty("password", password);
        return new Connecting(connecting.url(), others).open();
    }

    @Override
    public int getLoginTimeout() {
        return Integer.parseInt(connecting.properties().getProperty("loginTimeout"));
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("set database.connect-timeout instead");
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
