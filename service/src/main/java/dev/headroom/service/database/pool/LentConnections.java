package dev.headroom.service.database.pool;

import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections that code outside this package holds, and reports of those that it holds too long. Hikari's own leak
 * detection schedules a task for each call, a tenth of the time of a small statement, and our own statements give
 * their connections back in any case.
 */
final class LentConnections implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LentConnections.class.getName());

    private final Map<Connection, Lent> lent = new ConcurrentHashMap<>();
    private final Duration limit;
    private final Patrol patrol;

    private record Lent(long sinceNanos, Exception place) {}

    LentConnections(String pool, Duration limit) {
        this.limit = limit;
        this.patrol = Patrol.every(limit.dividedBy(2), "leaks of " + pool, () -> lent.forEach(this::report));
    }

    void lend(Connection connection) {
        lent.put(connection, new Lent(System.nanoTime(), new Exception("taken here")));
    }

    void back(Connection connection) {
        lent.remove(connection);
    }

    private void report(Connection connection, Lent it) {
        // Once each: whoever leaks one leaks another soon.
        if (System.nanoTime() - it.sinceNanos > limit.toNanos() && lent.remove(connection, it)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a connection is held longer than database.pool.leak-detection: leaked, or a stream not closed",
                    it.place);
        }
    }

    @Override
    public void close() {
        patrol.close();
    }
}
