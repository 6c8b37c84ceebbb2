package dev.headroom.service.database.replica;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.settings.ReplicaSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a replica again and again, over a connection of its own, so that no request has to find out that it is down,
 * hangs or lags. Reads go there only after a look that went well.
 */
final class ReplicaWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ReplicaWatch.class.getName());

    /**
     * A replica that has replayed all it received is current, however long the primary has been idle; but only while it
     * receives: one that was cut off has replayed all of its last moment for ever.
     */
    private static final String LAG_SQL = """
            select case when not pg_is_in_recovery()
                          or (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
                              and exists (select from pg_stat_wal_receiver)) then 0
                        else coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp()) * 1000, 0)
                   end::bigint""";

    private final PostgresConnector connector;
    private final ReplicaSettings settings;
    private final ReplicaState state = new ReplicaState(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private final Runnable onDown;
    private final Runnable onUp;
    private final Thread thread;
    private @Nullable Connection connection;

    ReplicaWatch(PostgresConnector connector, ReplicaSettings settings, Runnable onDown, Runnable onUp) {
        this.connector = connector.watching(settings.probeInterval());
        this.settings = settings;
        this.onDown = onDown;
        this.onUp = onUp;
        this.thread = Thread.ofVirtual().name("replica watch").start(this::watch);
    }

    /** The period of use that a statement begins in, for {@link #failed}; {@link ReplicaState#NONE} when it is not in use. */
    long period() {
        return state.period();
    }

    /** A statement that began in this period found it down before we did. */
    synchronized void failed(long period) {
        if (state.fail(period, System.nanoTime())) {
            stopUsing("a statement could not run on it");
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(settings.probeInterval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private void look() {
        try {
            long lag = lag();
            if (lag > settings.maxLag().toMillis()) {
                unwell("it is " + lag + " ms behind, over database.replica.max-lag");
            } else {
                well();
            }
        } catch (SQLException e) {
            disconnect();
            unwell(PostgresConnector.messageOf(e));
        }
    }

    private synchronized void well() {
        if (state.begin(System.nanoTime())) {
            onUp.run();
            LOG.log(System.Logger.Level.INFO, "reads go to the replica");
        }
    }

    private synchronized void unwell(String why) {
        if (state.end()) {
            stopUsing(why);
        }
    }

    private void stopUsing(String why) {
        LOG.log(System.Logger.Level.WARNING, "reads go to the primary, not to the replica: {0}", why);
        onDown.run();
    }

    private long lag() throws SQLException {
        if (connection == null) {
            connection = connector.open();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LAG_SQL)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void disconnect() {
        try (Connection old = connection) {
            connection = null;
            LOG.log(System.Logger.Level.DEBUG, "closing {0}", old);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a connection to the replica", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
