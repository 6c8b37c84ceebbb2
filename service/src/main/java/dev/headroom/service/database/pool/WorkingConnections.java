package dev.headroom.service.database.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections that statements of ours run on, and the end of those whose server no longer answers at all.
 *
 * <p>A socket timeout would do the same, and costs a timer set and cleared for each answer, and the wake-ups of the thread
 * that keeps timers: a good part of a small statement (docs/decisions/0045).
 */
final class WorkingConnections implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(WorkingConnections.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Map<Connection, Long> since = new ConcurrentHashMap<>();
    private final Duration longest;
    private final PeriodicCheck check;

    /** @param longest after this without an answer a connection is cut */
    WorkingConnections(String pool, Duration longest) {
        this.longest = longest;
        this.check = PeriodicCheck.every(BETWEEN_LOOKS, "silent servers of " + pool, this::look);
    }

    void begin(Connection connection) {
        since.put(connection, System.nanoTime());
    }

    /** It has answered: the next silence is counted from now on. */
    void answered(Connection connection) {
        since.put(connection, System.nanoTime());
    }

    void end(Connection connection) {
        since.remove(connection);
    }

    /** Cuts all of them. */
    void abandon() {
        since.keySet().forEach(WorkingConnections::cut);
    }

    private void look() {
        long now = System.nanoTime();
        since.forEach((connection, began) -> {
            if (now - began > longest.toNanos()) {
                cut(connection);
            }
        });
    }

    private static void cut(Connection connection) {
        Thread.ofVirtual().start(() -> {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "cutting a connection", e);
            }
        });
    }

    @Override
    public void close() {
        check.close();
    }
}
