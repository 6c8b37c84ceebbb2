package dev.headroom.service.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One connection, outside the pool, on which PostgreSQL tells of every committed change of the tables that bear our
 * trigger, whoever made it. It reconnects for ever, and says when something may have been missed.
 */
public final class TableChanges implements AutoCloseable {
    /** The channel that the triggers notify, see {@link ChangeTriggers}. */
    static final String CHANNEL = "headroom";

    private static final String APPLICATION = "headroom-service changes";

    private static final System.Logger LOG = System.getLogger(TableChanges.class.getName());
    private static final Duration PING = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long LONGEST_PAUSE_MILLIS = 5000;

    /** Whom to tell. Called from one thread, one call at a time. */
    public interface Listener {
        /** From now on every committed change is told. */
        void listening();

        /** Each table that changed, {@code schema.table}, with what names its latest change to all who hear of it. */
        void changed(Map<String, String> notices);

        /** Everything that was committed until so long ago has been told. */
        void heardAll(Duration ago);

        /** The connection is gone: changes pass unheard until {@link #listening} is called again. */
        void lost();
    }

    private final DataSource direct;
    private final Listener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;

    /** @param direct connections with a session of their own, see {@link Database#direct} */
    public TableChanges(DataSource direct, Listener listener) {
        this.direct = direct;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("table-changes").daemon().unstarted(this::listenForEver);
    }

    public void start() {
        thread.start();
    }

    private void listenForEver() {
        long pause = 100;
        boolean complained = false;
        while (!isClosed()) {
            boolean heard = false;
            try (Connection fresh = direct.getConnection();
                    Statement statement = fresh.createStatement()) {
                connection = fresh;
                // By its name whoever looks at pg_stat_activity knows it: its statement there is soon that of our
                // pings.
                statement.execute("set application_name = '" + APPLICATION + "'");
                statement.execute("listen " + CHANNEL);
                heard = true;
                listener.listening();
                complained = complained && hearsAgain();
                pause = 100;
                listen(fresh);
            } catch (SQLException e) {
                if (!isClosed() && !complained) {
                    complained = true;
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "no longer hears of changes in the database ({0}); until it does, answers are kept for"
                                    + " cache.blind-fresh at most",
                            e.getMessage());
                }
            } finally {
                connection = null;
                if (heard) {
                    listener.lost();
                }
            }
            rest(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }

    private static boolean hearsAgain() {
        LOG.log(System.Logger.Level.INFO, "hears of changes in the database again");
        return false;
    }

    private void listen(Connection fresh) throws SQLException {
        PGConnection postgres = fresh.unwrap(PGConnection.class);
        long pinged = System.nanoTime();
        while (!isClosed()) {
            tell(postgres.getNotifications((int) PING.toMillis()));
            long now = System.nanoTime();
            if (now - pinged >= PING.toNanos()) {
                // An answer comes after all that was notified before the question; silence alone proves nothing.
                if (!fresh.isValid((int) PATIENCE.toSeconds())) {
                    throw new SQLException("the connection no longer answers");
                }
                tell(postgres.getNotifications());
                listener.heardAll(Duration.ofNanos(System.nanoTime() - now));
                pinged = now;
            }
        }
    }

    private void tell(PGNotification @Nullable [] batch) {
        if (batch != null && batch.length > 0) {
            listener.changed(latest(batch));
        }
    }

    /** A burst of changes of one table is one change: only the last of each is told. */
    private static Map<String, String> latest(PGNotification[] batch) {
        Map<String, String> latest = new LinkedHashMap<>();
        for (PGNotification notice : batch) {
            String told = notice.getParameter();
            int space = told.lastIndexOf(' ');
            if (space > 0) {
                latest.put(told.substring(0, space), told.substring(space + 1));
            }
        }
        return latest;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void rest(long millis) {
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
