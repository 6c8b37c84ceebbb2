package dev.headroom.service.database.pool;

import dev.headroom.service.database.failure.CalledOff;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.profile.RunningStatement;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.database.profile.StatementWatch;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.statement.ConnectionReading;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.ResultReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs one statement on one connection, so that the server bounds it and the watch sees it. */
final class StatementExecution {
    private static final System.Logger LOG = System.getLogger(StatementExecution.class.getName());

    private final StatementWatch watch;
    private final Duration timeout;
    private final boolean sessionless;

    StatementExecution(DatabaseSettings settings, StatementWatch watch) {
        this.watch = watch;
        this.timeout = settings.statementTimeout();
        this.sessionless = settings.pgbouncer();
    }

    <T> T run(Connection connection, Query query, ResultReader<T> reader, long waited) throws SQLException {
        return sessionless
                ? inTransaction(
                        connection, () -> execute(connection, limit() + ";" + query.sql(), query, reader, waited))
                : execute(connection, query.sql(), query, reader, waited);
    }

    <T> T reading(Connection connection, String name, ConnectionReading<T> reading, long waited) throws SQLException {
        RunningStatement running = RunningStatement.now(name, List.of(), waited);
        Work<T> read = () -> measured(running, () -> reading.on(connection));
        if (!sessionless) {
            return read.run();
        }
        return inTransaction(connection, () -> {
            try (Statement first = connection.createStatement()) {
                first.execute(limit());
            }
            return read.run();
        });
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private String limit() {
        return "set local statement_timeout = " + timeout.toMillis();
    }

    /**
     * Behind a transaction-mode PgBouncer the timeout can only be set for one transaction. The driver sends the begin,
     * the set and the statement as one packet, so this costs one round trip, that of the commit.
     */
    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        boolean done = false;
        try {
            T answer = work.run();
            connection.commit();
            done = true;
            return answer;
        } finally {
            if (!done && !connection.isClosed()) {
                connection.rollback();
            }
        }
    }

    private <T> T execute(Connection connection, String sql, Query query, ResultReader<T> reader, long waited)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, query.params());
            RunningStatement running = RunningStatement.now(query.name(), query.params(), waited);
            try (ResultSet rows = cancellable(statement, running)) {
                return reader.read(rows);
            }
        }
    }

    /** As long as the server works on it; the driver sees to it that no other statement of the connection is hit. */
    private ResultSet cancellable(PreparedStatement statement, RunningStatement running) throws SQLException {
        Optional<StatementProfile> profile = StatementProfile.current();
        if (profile.isEmpty()) {
            return measured(running, () -> rows(statement));
        }
        return profile.get().cancellable(() -> cancel(statement), () -> {
            // Looked at here and not before: whoever calls off finds either this or the statement.
            if (profile.get().isCalledOff()) {
                throw new CalledOff(running.name(), null);
            }
            return measured(running, () -> rows(statement));
        });
    }

    private static void cancel(PreparedStatement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a statement that nobody waits for could not be cancelled", e);
        }
    }

    private <T> T measured(RunningStatement running, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw DatabaseFailure.of(running, e, timeout);
        } finally {
            watch.end(running);
        }
    }

    private static ResultSet rows(PreparedStatement statement) throws SQLException {
        boolean rows = statement.execute();
        while (!rows && statement.getUpdateCount() != -1) {
            rows = statement.getMoreResults();
        }
        if (!rows) {
            throw new SQLException("the statement gives no rows", "02000");
        }
        return statement.getResultSet();
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
}
