package dev.headroom.operator.index;

import dev.headroom.operator.crd.DatabaseSpec;
import dev.headroom.operator.database.DatabaseAccess;
import java.io.PrintWriter;
import java.io.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A way to the database whose connections can all be torn at once, as when the process at this end is killed. */
final class FragileAccess implements DatabaseAccess {
    private final DatabaseAccess sound;
    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
    private volatile boolean torn;

    FragileAccess(DatabaseAccess sound) {
        this.sound = sound;
    }

    /** Nothing is said to the server: its sessions go on until they want to say something. */
    void tear() throws SQLException {
        torn = true;
        for (Connection connection : open) {
            connection.abort(Runnable::run);
        }
    }

    @Override
    public DatabaseSpec spec() {
        return sound.spec();
    }

    @Override
    public Connection open(String purpose) throws SQLException {
        if (torn) {
            throw new SQLException("torn", "08006");
        }
        Connection connection = sound.open(purpose);
        open.add(connection);
        return connection;
    }

    @Override
    public DataSource dataSource(String purpose) {
        return new Source(purpose);
    }

    private final class Source implements DataSource {
        private final String purpose;

        Source(String purpose) {
            this.purpose = purpose;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return open(purpose);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return open(purpose);
        }

        @Override
        public PrintWriter getLogWriter() {
            return new PrintWriter(Writer.nullWriter());
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
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
}
