package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.build.ControlSession.WorkSession;
import dev.headroom.operator.index.build.IndexTask.Limits;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.look.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches a statement that takes long, from a second session. It reports progress, and cancels the statement when we are to
 * stop, when its time is over, or when it is in somebody's way. It breaks the statement's connection off when no answer can
 * come on it any more (decision 0121).
 *
 * <p>Giving way is what keeps writers going. A build excludes no reads and no writes, but it does exclude an ALTER TABLE,
 * and behind a waiting ALTER TABLE every reader and writer queues up. So the build gives way to it.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int IN_THE_WAY_MILLIS = 200;
    /** Statements of this session answer within milliseconds. */
    private static final int SILENCE_MILLIS = 5_000;
    /** A server that does not end a statement within this time after being asked gets its session ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** An answer that has been on its way for this long does not arrive. */
    private static final Duration ANSWER_LOST = Duration.ofSeconds(5);

    private static final String NO_SUCH_SESSION =
            "the server has no such session any more: it was ended, or another server has the address now";
    private static final String ANSWER_MISSING =
            "the server had finished, but its answer never arrived: the connection was lost on the way";

    private final DatabaseAccess database;
    private final Backend backend;
    private final Name table;
    private final Limits limits;
    private final Instant deadline;
    private final Stop stop;
    private final Consumer<BuildProgress> progress;
    private final WorkSession session;
    private final Stop closed = new Stop();
    private final Thread thread;
    private volatile @Nullable String reason;
    private volatile boolean lost;
    private @Nullable Instant cancelledAt;
    private Instant answeredAt = Instant.now();

    /** Watches what {@code backend} runs on the {@code session}. */
    Watchdog(
            DatabaseAccess database,
            Backend backend,
            Name table,
            Limits limits,
            Stop stop,
            Consumer<BuildProgress> progress,
            WorkSession session) {
        this.database = database;
        this.backend = backend;
        this.table = table;
        this.limits = limits;
        this.deadline = Instant.now().plus(limits.statement());
        this.stop = stop;
        this.progress = progress;
        this.session = session;
        this.thread = Thread.ofVirtual().name("watchdog " + table).start(this::watch);
    }

    /** What became of the statement: the failure itself, or, where we ended it, why we did. */
    SQLException explained(SQLException failure) {
        String why = reason;
        if (why == null) {
            return failure;
        }
        return new SQLException(why, lost ? "08006" : failure.getSQLState(), failure);
    }

    private void watch() {
        pause();
        while (!closed.isAsked()) {
            try (Connection connection = database.open("watch")) {
                connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
                Session.forLooking(connection);
                do {
                    look(connection);
                    answeredAt = Instant.now();
                } while (!closed.pause(INTERVAL));
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "cannot watch the work on " + table + " just now", e);
                noAnswer(e);
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
        Optional<Backend.Activity> activity = backend.activity(connection);
        if (activity.isEmpty() || activity.get().idleFor().compareTo(ANSWER_LOST) > 0) {
            if (foundLost(activity.isEmpty() ? NO_SUCH_SESSION : ANSWER_MISSING)) {
                session.terminate(connection);
            }
            return;
        }
        BuildProgress.ofPid(connection, backend.pid()).ifPresent(progress);
        if (reason == null) {
            reason = reasonToCancel(connection);
        }
        if (reason != null) {
            cancel(connection);
        }
    }

    /** A server that answers, if only that it takes no more connections, is there. */
    private void noAnswer(SQLException failure) {
        boolean answered = !String.valueOf(failure.getSQLState()).startsWith("08");
        if (answered) {
            answeredAt = Instant.now();
        } else if (Instant.now().isAfter(answeredAt.plus(limits.unreachable()))
                && foundLost("nothing has answered at the server's address for "
                        + limits.unreachable().toSeconds() + " s")) {
            session.abort();
        }
    }

    /** No answer can come any more. False when it has come. */
    private boolean foundLost(String why) {
        if (closed.isAsked()) {
            return false;
        }
        reason = why;
        lost = true;
        closed.ask();
        return true;
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
        List<Integer> waiting = Rows.list(
                connection, """
                select l.pid
                  from pg_locks l
                  join pg_class c on c.oid = l.relation
                  join pg_namespace n on n.oid = c.relnamespace
                 where not l.granted and l.locktype = 'relation' and n.nspname = ? and c.relname = ?
                   and l.database = (select oid from pg_database where datname = current_database())
                   and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                   and l.waitstart < clock_timestamp() - ? * interval '1 ms'
                   and ? = any (pg_blocking_pids(l.pid))
                """, row -> row.getInt(1), table.schema(), table.name(), IN_THE_WAY_MILLIS, backend.pid());
        return waiting.stream().findFirst();
    }

    private void cancel(Connection connection) throws SQLException {
        Instant now = Instant.now();
        if (cancelledAt == null) {
            cancelledAt = now;
        }
        if (now.isAfter(cancelledAt.plus(PATIENCE))) {
            backend.terminate(connection);
        } else {
            backend.cancel(connection);
        }
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
