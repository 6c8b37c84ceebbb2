package dev.headroom.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Connections to one server. Every statement that runs through it is bounded, measured, and can be called off. */
public final class MeasuredPool implements JdbcConnectionPool, AutoCloseable {

    private final HikariDataSource hikari;
    private final DatabaseSettings settings;
    private final StatementWatch watch;

    MeasuredPool(String name, Connecting connecting, DatabaseSettings settings, StatementWatch watch) {
        this.settings = settings;
        this.watch = watch;
        this.hikari = new HikariDataSource(configuration(name, connecting, settings.pool()));
    }

    private static HikariConfig configuration(String name, Connecting connecting, PoolSettings pool) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(connecting.url());
        config.setDataSourceProperties(connecting.properties());
        config.setMaximumPoolSize(pool.size().maximum());
        config.setMinimumIdle(pool.size().minimumIdle());
        config.setConnectionTimeout(pool.acquireTimeout().toMillis());
        config.setValidationTimeout(Math.min(
                pool.validationTimeout().toMillis(), pool.acquireTimeout().toMillis()));
        config.setIdleTimeout(pool.idleTimeout().toMillis());
        config.setMaxLifetime(jittered(pool.maxLifetime()).toMillis());
        config.setKeepaliveTime(pool.keepalive().toMillis());
        config.setLeakDetectionThreshold(pool.leakDetection().toMillis());
        // The driver takes the JVM's zone into the session; this makes it UTC wherever the service runs.
        config.setConnectionInitSql("set time zone 'UTC'");
        // Start without a database: it may come up after us, and requests say so meanwhile.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /** Up to a tenth less: replicas that start together must not reconnect together for ever. */
    private static Duration jittered(Duration lifetime) {
        return lifetime.minusMillis(ThreadLocalRandom.current().nextLong(lifetime.toMillis() / 10 + 1));
    }

    <T> T run(Query query, ResultReader<T> reader) {
        try {
            long asked = System.nanoTime();
            try (Connection connection = acquire()) {
                long waited = System.nanoTime() - asked;
                return execute(connection, query, reader, waited);
            } catch (SQLException e) {
                throw Failures.of(query.name(), e, false, settings.statementTimeout());
            }
        } catch (DatabaseFailure failure) {
            watch.failed(query.name(), failure);
            throw failure;
        }
    }

    private <T> T execute(Connection connection, Query query, ResultReader<T> reader, long waited) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            bind(statement, query.params());
            RunningStatement running = new RunningStatement(query.name(), statement);
            if (!StatementProfile.current()
                    .map(profile -> profile.begin(running))
                    .orElse(true)) {
                throw new StatementCancelled(query.name(), null);
            }
            long began = System.nanoTime();
            boolean ended = false;
            try (ResultSet rows = statement.executeQuery()) {
                watch.ended(running, query.name(), System.nanoTime() - began, waited);
                ended = true;
                return reader.read(rows);
            } catch (SQLException e) {
                throw Failures.of(query.name(), e, running.cancelled(), settings.statementTimeout());
            } finally {
                if (!ended) {
                    watch.ended(running, query.name(), System.nanoTime() - began, waited);
                }
            }
        }
    }

    StatementDescription describe(String sql) {
        try (Connection connection = acquire()) {
            return Describe.of(connection, sql);
        } catch (SQLException e) {
            throw Failures.of("describe", e, false, settings.statementTimeout());
        }
    }

    private static void bind(PreparedStatement statement, List<Param> params) throws SQLException {
        for (int at = 0; at < params.size(); at++) {
            String text = params.get(at).text();
            if (text == null) {
                statement.setNull(at + 1, Types.OTHER);
            } else {
                statement.setObject(at + 1, text, Types.OTHER);
            }
        }
    }

    private Connection acquire() throws SQLException {
        long asked = System.nanoTime();
        try {
            return hikari.getConnection();
        } catch (SQLTransientConnectionException e) {
            PoolGauges gauges = gauges();
            if (e.getCause() == null && gauges.total() >= gauges.max()) {
                throw new PoolExhausted(gauges, settings.pool().acquireTimeout());
            }
            throw new DatabaseUnavailable(
                    "no connection to the database at database.url within database.pool.acquire-timeout", e);
        } finally {
            watch.waited(System.nanoTime() - asked);
        }
    }

    /** For DbClient. */
    @Override
    public Connection connection() {
        try {
            return acquire();
        } catch (SQLException e) {
            throw Failures.of("connection", e, false, settings.statementTimeout());
        }
    }

    @Override
    public String dbType() {
        return "postgresql";
    }

    public PoolSize size() {
        return new PoolSize(hikari.getMaximumPoolSize(), hikari.getMinimumIdle());
    }

    /** Takes effect at once, see docs/decisions/0021. */
    public void resize(PoolSize size) {
        boolean shrinks = size.maximum() < hikari.getMaximumPoolSize();
        hikari.setMinimumIdle(Math.min(size.minimumIdle(), hikari.getMinimumIdle()));
        hikari.setMaximumPoolSize(size.maximum());
        hikari.setMinimumIdle(size.minimumIdle());
        if (shrinks) {
            hikari.getHikariPoolMXBean().softEvictConnections();
        }
    }

    public PoolGauges gauges() {
        var pool = hikari.getHikariPoolMXBean();
        return new PoolGauges(
                hikari.getMaximumPoolSize(),
                pool.getActiveConnections(),
                pool.getIdleConnections(),
                pool.getThreadsAwaitingConnection());
    }

    @Override
    public void close() {
        hikari.close();
    }
}
