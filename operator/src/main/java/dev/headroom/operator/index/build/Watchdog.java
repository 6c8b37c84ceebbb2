package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Session;
import dev.headroom.operator.index.look.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches a statement that takes long, from a second session: reports how far it is, and cancels it when we are to stop,
 * when its time is over, or when it is in somebody's way.
 *
 * <p>The last is what keeps writers going. A build excludes no reads and no writes, but it does exclude an ALTER TABLE,
 * and behind a waiting ALTER TABLE every reader and writer queues up. So the build gives way to it.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int IN_THE_WAY_MILLIS = 200;
    /** A server that does not end a statement within this time after being asked gets its session ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DatabaseAccess database;
    private final int pid;
    private final Name table;
    private final Instant deadline;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;
    private final Stop closed = new Stop();
    private final Thread thread;
    private volatile @Nullable String reason;
    private @Nullable Instant cancelledAt;

    Watchdog(
            DatabaseAccess database, int pid, Name table, Duration limit, Stop stop, Consumer<BuildProgress> progress) {
        this.database = database;
        this.pid = pid;
        this.table = table;
        this.deadline = Instant.now().plus(limit);
        this.stop = stop;
        this.progress = progress;
        this.thread = Thread.ofVirtual().name("watchdog " + table).start(this::watch);
    }

    /** Why the statement was cancelled, if it was we who did. */
    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    private void watch() {
        pause();
        while (!closed.isAsked()) {
            try (Connection connection = database.open("watch")) {
                Session.forLooking(connection);
                do {
                    look(connection);
                } while (!closed.pause(INTERVAL));
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "cannot watch the work on " + table + " just now", e);
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pause() {
        try {
            closed.pause(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.ask();
        }
    }

    private void look(Connection connection) throws SQLException {
        BuildProgress.ofPid(connection, pid).ifPresent(progress);
        if (reason == null) {
            reason = reasonToCancel(connection);
        }
        if (reason != null) {
            cancel(connection);
        }
    }

    private @Nullable String reasonToCancel(Connection connection) throws SQLException {
        if (stop.isAsked()) {
            return "stopped";
        }
        if (Instant.now().isAfter(deadline)) {
            return "it took longer than build.statementTimeout allows";
        }
        return inTheWayOf(connection)
                .map(other -> "gave way to pid " + other + ", which waits to change the table")
                .orElse(null);
    }

    private Optional<Integer> inTheWayOf(Connection connection) throws SQLException {
        List<Integer> waiting =
                Sql.list(connection, """
                select l.pid
                  from pg_locks l
                  join pg_class c on c.oid = l.relation
                  join pg_namespace n on n.oid = c.relnamespace
                 where not l.granted and l.locktype = 'relation' and n.nspname = ? and c.relname = ?
                   and l.database = (select oid from pg_database where datname = current_database())
                   and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                   and l.waitstart < clock_timestamp() - ? * interval '1 ms'
                   and ? = any (pg_blocking_pids(l.pid))
                """, row -> row.getInt(1), table.schema(), table.name(), IN_THE_WAY_MILLIS, pid);
        return waiting.stream().findFirst();
    }

    private void cancel(Connection connection) throws SQLException {
        Instant now = Instant.now();
        if (cancelledAt == null) {
            cancelledAt = now;
        }
        String end = now.isAfter(cancelledAt.plus(PATIENCE)) ? "pg_terminate_backend" : "pg_cancel_backend";
        Sql.one(connection, "select " + end + "(?)", row -> row.getBoolean(1), pid);
    }

    /** Returns once it looks no more, so that no cancel can hit the session's next statement. */
    @Override
    public void close() {
        closed.ask();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
