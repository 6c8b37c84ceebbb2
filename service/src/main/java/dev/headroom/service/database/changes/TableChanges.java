package dev.headroom.service.database.changes;

import dev.headroom.service.database.connection.PostgresConnector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Receives the notifications of committed changes: one connection outside the pool that listens on the channel of our
 * triggers, whoever made the change. It reconnects for ever, and says when notifications may have been missed.
 */
public final class TableChanges implements AutoCloseable {
    /** The channel that the triggers notify, see {@link ChangeTriggers}. */
    static final String CHANNEL = "headroom";

    private static final String APPLICATION = "headroom-service changes";

    /** A schema's name and a table's, and the number of a transaction. */
    private static final Pattern NOTICE = Pattern.compile("(.{1,300}) (\\d{1,20})", Pattern.DOTALL);

    /** Two servers may give two transactions the same number: a standby that took over, a dump that was restored. */
    private static final String SERVER =
            "select (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text";

    private static final System.Logger LOG = System.getLogger(TableChanges.class.getName());
    /** How often the server is asked for a sign of life; docs/decisions/0106 says what follows from it. */
    private static final Duration HEARTBEAT = Duration.ofMillis(250);
    /** A server that has not answered for so long is asked on another connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5000;

    /** Receives the changes. Called from one thread, one call at a time. */
    public interface Listener {
        /** From now on every committed change is passed on. */
        void listening();

        /**
         * Each table that changed, {@code schema.table}, with the name of its latest change: the same on every instance,
         * and another one for every other change, also after a failover.
         */
        void changed(Map<String, String> notices);

        /** Every change that was committed until so long ago has been passed on. */
        void heardAll(Duration ago);

        /** The connection is gone: changes are missed until {@link #listening} is called again. */
        void lost();
    }

    private final DataSource direct;
    private final Listener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;
    private String server = "";
    private long pause = SHORTEST_PAUSE_MILLIS;
    private boolean failureLogged;
    private boolean everListened;
    /** The listener believes that it receives changes: it is still to be told when the connection is lost. */
    private boolean listening;

    /** @param direct connections with a session of their own, past PgBouncer */
    public TableChanges(DataSource direct, Listener listener) {
        this.direct = direct;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("table-changes").daemon().unstarted(this::listenForEver);
    }

    public void start() {
        thread.start();
    }

    private void listenForEver() {
        while (!isClosed()) {
            try {
                tellLost(); // of the last connection, where the listener failed when it was told
                listenUntilItBreaks();
            } catch (SQLException
                    | RuntimeException
                    | Error e) { // also of the listener: a notice that it failed on is lost
                logFailure(e);
            }
            try {
                tellLost();
            } catch (RuntimeException | Error e) {
                logFailure(e);
            }
            sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }

    private void listenUntilItBreaks() throws SQLException {
        try (Connection fresh = direct.getConnection();
                Statement statement = fresh.createStatement()) {
            connection = fresh;
            fresh.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
            // For whoever looks at pg_stat_activity: the statement that it shows is soon that of our pings.
            statement.execute("set application_name = '" + APPLICATION + "'");
            server = server(statement);
            statement.execute("listen " + CHANNEL);
            listening = true;
            listener.listening();
            if (failureLogged) {
                failureLogged = false;
                LOG.log(
                        System.Logger.Level.INFO,
                        "the service receives changes of the database {0}",
                        everListened ? "again" : "now");
            }
            everListened = true;
            pause = SHORTEST_PAUSE_MILLIS;
            listen(fresh);
        } finally {
            connection = null;
        }
    }

    private void tellLost() {
        if (listening) {
            listener.lost();
            listening = false;
        }
    }

    private void logFailure(Throwable failure) {
        if (isClosed() || failureLogged) {
            return;
        }
        failureLogged = true;
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service {0} ({1}); until it does, answers are cached for cache.blind-fresh at most",
                    everListened
                            ? "no longer receives changes of the database"
                            : "does not receive changes of the database yet",
                    failure instanceof SQLException broken ? PostgresConnector.messageOf(broken) : failure);
        } catch (Error unlogged) {
            failureLogged = false; // no memory to log it; the next failure may have some
        }
    }

    private static String server(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            return row.getString(1);
        }
    }

    private void listen(Connection fresh) throws SQLException {
        PGConnection postgres = fresh.unwrap(PGConnection.class);
        try (PreparedStatement nothing = fresh.prepareStatement("")) {
            long asked = System.nanoTime() - HEARTBEAT.toNanos();
            while (!isClosed()) {
                long rest = HEARTBEAT.toNanos() - (System.nanoTime() - asked);
                if (rest > 0) {
                    tell(postgres.getNotifications((int) TimeUnit.NANOSECONDS.toMillis(rest) + 1));
                    continue;
                }
                asked = System.nanoTime();
                // An answer comes after all that was notified before the question; silence alone proves nothing.
                nothing.execute();
                tell(postgres.getNotifications());
                listener.heardAll(Duration.ofNanos(System.nanoTime() - asked));
            }
        }
    }

    private void tell(PGNotification @Nullable [] batch) {
        Map<String, String> latest = batch == null ? Map.of() : latest(batch);
        if (!latest.isEmpty()) {
            listener.changed(latest);
        }
    }

    /**
     * A burst of changes of one table is one change: only the last of each is passed on. Anyone may notify our channel, so
     * what cannot come from a trigger of ours is dropped.
     */
    private Map<String, String> latest(PGNotification[] batch) {
        Map<String, String> latest = new LinkedHashMap<>();
        for (PGNotification notice : batch) {
            Matcher found = NOTICE.matcher(notice.getParameter());
            if (found.matches()) {
                latest.put(found.group(1), found.group(2) + '/' + server);
            }
        }
        return latest;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void sleep(long millis) {
        try {
            boolean _ = closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "the listening connection was closed already", e);
            }
        }
    }
}
