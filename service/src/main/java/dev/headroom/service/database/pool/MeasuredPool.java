package dev.headroom.service.database.pool;

import com.zaxxer.hikari.HikariDataSource;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.PoolBusy;
import dev.headroom.service.database.failure.PoolExhausted;
import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.database.profile.StatementWatch;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.service.database.statement.ConnectionReading;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.ResultReader;
import dev.headroom.service.database.statement.StatementDescription;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connections to one server. Every statement that runs through it is bounded, measured, and can be called off. */
public final class MeasuredPool implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(MeasuredPool.class.getName());

    /** Time for which a refusal limits the queue to the open connections. */
    private static final Duration LIMITED_FOR = Duration.ofSeconds(2);

    private static final Duration LOOK_FOR_LOGINS_EVERY = Duration.ofMillis(100);

    private final PostgresConnector connector;
    private final HikariDataSource hikari;
    private final Duration acquireTimeout;
    private final StatementWatch watch;
    private final StatementExecution execution;
    private final Outage outage;
    private final PoolQueue queue;
    private final WorkingConnections working;
    private volatile PoolSize size;
    private boolean limited;
    private int limits;
    private volatile boolean made;

    public MeasuredPool(
            String name,
            PostgresConnector connector,
            DatabaseSettings settings,
            PoolSettings pool,
            StatementWatch watch) {
        this.connector = connector;
        this.acquireTimeout = pool.acquireTimeout();
        this.watch = watch;
        this.execution = new StatementExecution(settings, watch);
        this.working = new WorkingConnections(name, settings.silence());
        this.size = pool.size();
        this.queue = new PoolQueue(size.maximum(), pool.queue());
        this.hikari = new HikariDataSource(PoolConfiguration.of(name, connector, pool, this::refusedByServer));
        hikari.setMaximumPoolSize(size.maximum());
        this.outage = new Outage(name, connector, this::rest, this::wake);
        this.made = true;
    }

    public <T> T run(Query query, ResultReader<T> reader) {
        return measured(query.name(), (connection, waited) -> {
            ResultReader<T> answered = rows -> {
                working.answered(connection);
                return reader.read(rows);
            };
            return execution.run(connection, query, answered, waited);
        });
    }

    /** Statements of the reader's own on one connection, counted and timed under this name as one. */
    public <T> T reading(String name, ConnectionReading<T> reading) {
        return measured(name, (connection, waited) -> execution.reading(connection, name, reading, waited));
    }

    public StatementDescription describe(String sql) {
        return measured("describe", (connection, waited) -> Describe.of(connection, sql));
    }

    private interface Work<T> {
        T on(Connection connection, long waited) throws SQLException;
    }

    private <T> T measured(String name, Work<T> work) {
        try {
            long asked = System.nanoTime();
            Connection connection = acquire();
            long taken = System.nanoTime();
            try (connection) {
                working.begin(connection);
                try {
                    return work.on(connection, System.nanoTime() - asked);
                } finally {
                    working.end(connection);
                }
            } catch (SQLException e) {
                throw DatabaseFailure.of(name, e);
            } finally {
                watch.held(System.nanoTime() - taken);
                queue.leave(); // after the connection was given back: who comes next finds it
            }
        } catch (DatabaseFailure failure) {
            watch.failed(name, failure.kind());
            throw failure;
        }
    }

    /** A connection, and a place in the queue that is left once the connection was given back. */
    private Connection acquire() {
        long asked = System.nanoTime();
        try {
            Connection connection = null;
            while (connection == null) {
                refuseDuringOutage();
                long left = queue.patience().time().toNanos() - (System.nanoTime() - asked);
                if (!queue.enter(Math.max(left, 0))) {
                    throw new PoolBusy(gauges(), queue.patience());
                }
                connection = lend(left > 0);
            }
            return connection;
        } finally {
            watch.waited(System.nanoTime() - asked);
        }
    }

    /**
     * Whoever has a place finds a connection free, or room in the pool to open one. Null where the server refuses more connections
     * than are open: the caller may queue for those.
     */
    private @Nullable Connection lend(boolean mayQueueAgain) {
        long asked = System.nanoTime();
        boolean lending = false;
        try {
            refuseDuringOutage();
            Connection connection = hikari.getConnection();
            lending = true;
            return connection;
        } catch (SQLException e) {
            if (mayQueueAgain && gauges().total() > 0 && PostgresConnector.isTooMany(e.getCause())) {
                return null;
            }
            throw refused(e, Duration.ofNanos(System.nanoTime() - asked));
        } finally {
            if (!lending) {
                queue.leave();
            }
        }
    }

    /** Asked again after the queue: a server may die while calls wait. */
    private void refuseDuringOutage() {
        if (outage.goesOn()) {
            throw new DatabaseUnavailable(outage.why(), null);
        }
    }

    private DatabaseFailure refused(SQLException e, Duration waited) {
        PoolGauges gauges = gauges();
        boolean growing = gauges.total() > 0 && e.getCause() == null;
        if (growing || gauges.active() >= gauges.max()) {
            return new PoolExhausted(gauges, acquireTimeout);
        }
        String why = connector.refusal(e.getCause());
        if (gauges.total() == 0 && !hikari.isClosed()) {
            outage.begin(why, PostgresConnector.isUnreachable(e.getCause()));
            return new DatabaseUnavailable(why, e.getCause());
        }
        return new DatabaseUnavailable(
                why + "; no connection within " + waited.toMillis() + " ms (database.pool.acquire-timeout)",
                e.getCause());
    }

    /** The server cannot be reached, and the log has said so with the reason. */
    public boolean isOut() {
        return outage.goesOn();
    }

    public PoolSize size() {
        return size;
    }

    /**
     * A larger pool grows as calls need it, at once; a smaller one closes what is idle now and what is in use when it
     * comes back.
     */
    public synchronized void resize(PoolSize wanted) {
        boolean shrinks = wanted.maximum() < size.maximum();
        size = wanted;
        limited = false;
        hikari.setMinimumIdle(0);
        hikari.setMaximumPoolSize(wanted.maximum());
        hikari.setMinimumIdle(outage.goesOn() ? 0 : wanted.minimumIdle());
        queue.resize(wanted.maximum());
        if (shrinks) {
            Thread.ofVirtual().name("shrink of " + hikari.getPoolName()).start(() -> closeSurplus(wanted));
        }
    }

    /**
     * Closes the connections beyond the size, one after another. The queue admits no more statements than there are to be
     * connections, so a surplus one is soon free. The others stay open: to log in again costs more than many statements, at a
     * moment when the service is busy. A login that was under way at the shrink arrives later, so it goes on for as long as one
     * may take.
     */
    private void closeSurplus(PoolSize shrunk) {
        long until = System.nanoTime() + acquireTimeout.toNanos();
        try {
            do {
                closeOpenSurplus();
                Thread.sleep(LOOK_FOR_LOGINS_EVERY);
            } while (!hikari.isClosed() && size.equals(shrunk) && System.nanoTime() - until < 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeOpenSurplus() {
        while (!hikari.isClosed() && hikari.getHikariPoolMXBean().getTotalConnections() > size.maximum()) {
            try (Connection surplus = hikari.getConnection()) {
                hikari.evictConnection(surplus);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "long statements hold the connections of a pool that shrinks", e);
            }
        }
    }

    /**
     * The server has no connection left for us (53300). For a while what is open is the limit: statements wait in the queue, in
     * the order in which they came, and not in Hikari for a connection that cannot be opened.
     */
    private synchronized void refusedByServer(SQLException refusal) {
        if (!made) {
            return; // Hikari opens its first connections while it is made
        }
        int open = hikari.getHikariPoolMXBean().getTotalConnections();
        if (limited || open == 0 || open >= size.maximum()) {
            return;
        }
        limited = true;
        int limit = ++limits;
        queue.resize(open);
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} of {1} connections are open and the server refuses more: {2}. Statements queue for these, and it is tried again",
                String.valueOf(open),
                String.valueOf(size.maximum()),
                PostgresConnector.messageOf(refusal));
        Thread.ofVirtual().name("limit of " + hikari.getPoolName()).start(() -> tryAgainLater(limit));
    }

    private void tryAgainLater(int limit) {
        try {
            Thread.sleep(LIMITED_FOR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (limited && limit == limits) {
                limited = false;
                queue.resize(size.maximum());
            }
        }
    }

    /** After a shrink, max is what is really open until the last connection too many has come back. */
    public PoolGauges gauges() {
        var pool = hikari.getHikariPoolMXBean();
        int total = pool.getTotalConnections();
        return new PoolGauges(
                Math.max(size.maximum(), total),
                pool.getActiveConnections(),
                pool.getIdleConnections(),
                pool.getThreadsAwaitingConnection() + queue.waiting());
    }

    public int queued() {
        return queue.waiting();
    }

    /** Hikari backs off up to 5 s when it fails to keep idle connections; asked for none, it starts afresh on return. */
    private synchronized void rest() {
        hikari.setMinimumIdle(0);
    }

    public synchronized void wake() {
        hikari.setMinimumIdle(size.minimumIdle());
    }

    /** Cuts what is in use and keeps none ready, for a server that stopped answering; {@link #wake} ends it. */
    public void abandon() {
        rest();
        working.abandon();
        hikari.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        outage.close();
        working.close();
        hikari.close();
    }
}
