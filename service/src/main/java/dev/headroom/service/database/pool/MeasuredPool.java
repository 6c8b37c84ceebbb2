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

/** Connections to one server. Every statement that runs through it is bounded, measured, and can be called off. */
public final class MeasuredPool implements AutoCloseable {

    private final PostgresConnector connector;
    private final HikariDataSource hikari;
    private final Duration acquireTimeout;
    private final StatementWatch watch;
    private final StatementExecution execution;
    private final Outage outage;
    private final PoolQueue queue;
    private final WorkingConnections working;
    private volatile PoolSize size;

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
        this.hikari = new HikariDataSource(PoolConfiguration.of(name, connector, pool));
        hikari.setMaximumPoolSize(size.maximum());
        this.outage = new Outage(name, connector, this::rest, this::wake);
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
