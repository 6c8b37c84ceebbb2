package dev.headroom.service.catalog.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One of many instances at a time. The lock is tried, not awaited: a statement that waits for it would hold a snapshot
 * all the while, and an index that is being built concurrently would wait for that.
 */
record SessionLock(Connection connection, String name) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(25);

    static SessionLock take(Connection connection, String name) throws SQLException {
        SessionLock lock = new SessionLock(connection, name);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!lock.ask("select pg_try_advisory_lock(hashtextextended(?, 0))")) {
            if (System.nanoTime() > giveUp) {
                throw new SQLException("another instance has been holding the lock for " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return lock;
    }

    @Override
    public void close() throws SQLException {
        ask("select pg_advisory_unlock(hashtextextended(?, 0))");
    }

    private boolean ask(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, "headroom:" + name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
