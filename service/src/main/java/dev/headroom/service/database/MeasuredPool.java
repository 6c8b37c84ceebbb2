package dev.headroom.service.database;

import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Connections to one server. Every statement that runs through it is bounded, measured, and can be called off. */
public final class MeasuredPool implements JdbcConnectionPool, AutoCloseable {

    private final String name;
    private final Connecting connecting;
    private final HikariDataSource hikari;
    private final Duration acquireTimeout;
    private final StatementWatch watch;
    private final StatementExecution execution;
    private final LentConnections lent;
    private final DbClientConnections dbClientConnections;
    private final Outage outage;
    private final PoolQueue queue;
    private final WorkingConnections working;
    private volatile PoolSize size;

    MeasuredPool(
            String name, Connecting connecting, DatabaseSettings settings, PoolSettings pool, StatementWatch watch) {
        this.name = name;
        this.connecting = connecting;
        this.acquireTimeout = pool.acquireTimeout();
        this.watch = watch;
        this.execution = new StatementExecution(settings, watch);
        this.lent = new LentConnections(name, pool.leakDetection());
        this.working = new WorkingConnections(name, settings.silence());
        this.dbClientConnections = new DbClientConnections(settings, watch, lent);
        this.size = pool.size();
        this.queue = new PoolQueue(size.maximum(), pool.queue());
        this.hikari = new HikariDataSource(PoolConfiguration.of(name, connecting, pool));
        hikari.setMaximumPoolSize(size.maximum());
        this.outage = new Outage(name, connecting, this::rest, this::wake);
    }

    <T> T run(Query query, ResultReader<T> reader) {
        return measured(query.name(), (connection, waited) -> {
            ResultReader<T> answered = rows -> {
                working.answered(connection);
                return reader.read(rows);
            };
            return execution.run(connection, query, answered, waited);
        });
    }

    /** @param name under which the statements are counted and timed, as one */
    <T> T reading(String name, ConnectionReading<T> reading) {
        return measured(name, (connection, waited) -> execution.reading(connection, name, reading, waited));
    }

    StatementDescription describe(String sql) {
        return measured("describe", (connection, waited) -> Describe.of(connection, sql));
    }

    private interface Work<T> {
        T on(Connection connection, long waited) throws SQLException;
    }

    private <T> T measured(String name, Work<T> work) {
        try {
            long asked = System.nanoTime();
            Connection connection = acquire();
            try (connection) {
                working.begin(connection);
                try {
                    return work.on(connection, System.nanoTime() - asked);
                } finally {
                    working.end(connection);
                }
            } catch (SQLException e) {
                throw Failures.of(name, e);
            } finally {
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
            refuseDuringOutage();
            if (!queue.enter()) {
                throw new PoolBusy(gauges(), queue.patience());
            }
            return lend();
        } finally {
            watch.waited(System.nanoTime() - asked);
        }
    }

    /** Whoever has a place finds a connection free, or room in the pool to open one. */
    private Connection lend() {
        long asked = System.nanoTime();
        boolean lending = false;
        try {
            refuseDuringOutage();
            Connection connection = hikari.getConnection();
            lending = true;
            return connection;
        } catch (SQLException e) {
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
        String why = NoConnection.reason(name, connecting, e.getCause());
        if (gauges.total() == 0 && !hikari.isClosed()) {
            outage.begin(why);
            return new DatabaseUnavailable(why, e.getCause());
        }
        return new DatabaseUnavailable(
                why + "; no connection within " + waited.toMillis() + " ms (database.pool.acquire-timeout)",
                e.getCause());
    }

    /** For DbClient: measured too, and given back when DbClient closes it. */
    @Override
    public Connection connection() {
        long asked = System.nanoTime();
        return dbClientConnections.measured(acquire(), System.nanoTime() - asked, queue::leave);
    }

    @Override
    public String dbType() {
        return "postgresql";
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
        hikari.setMinimumIdle(0);
        hikari.setMaximumPoolSize(wanted.maximum());
        hikari.setMinimumIdle(outage.goesOn() ? 0 : wanted.minimumIdle());
        queue.resize(wanted.maximum());
        if (shrinks) {
            hikari.getHikariPoolMXBean().softEvictConnections();
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

    int queued() {
        return queue.waiting();
    }

    /** Hikari backs off up to 5 s when it fails to keep idle connections; asked for none, it starts afresh on return. */
    synchronized void rest() {
        hikari.setMinimumIdle(0);
    }

    synchronized void wake() {
        hikari.setMinimumIdle(size.minimumIdle());
    }

    /** Cuts what is in use, for a server that stopped answering. */
    void abandon() {
        working.abandon();
        hikari.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        outage.close();
        lent.close();
        working.close();
        hikari.close();
    }
}
