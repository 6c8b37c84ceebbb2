package dev.headroom.service.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;

/** Runs one statement on one connection, so that the server bounds it and the watch sees it. */
final class StatementExecution {

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
                ? inTransaction(connection, query, reader, waited)
                : execute(connection, query.sql(), query, reader, waited);
    }

    /**
     * Behind a transaction-mode PgBouncer the timeout can only be set for one transaction. The driver sends the begin,
     * the set and the statement as one packet, so this costs one round trip, that of the commit.
     */
    private <T> T inTransaction(Connection connection, Query query, ResultReader<T> reader, long waited)
            throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        boolean done = false;
        try {
            String sql = "set local statement_timeout = " + timeout.toMillis() + ";" + query.sql();
            T answer = execute(connection, sql, query, reader, waited);
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
            try (ResultSet rows = measured(statement, query, waited)) {
                return reader.read(rows);
            }
        }
    }

    private ResultSet measured(PreparedStatement statement, Query query, long waited) {
        RunningStatement running = RunningStatement.now(query.name(), query.params(), waited);
        try {
            boolean rows = statement.execute();
            while (!rows && statement.getUpdateCount() != -1) {
                rows = statement.getMoreResults();
            }
            if (!rows) {
                throw new SQLException("the statement gives no rows", "02000");
            }
            return statement.getResultSet();
        } catch (SQLException e) {
            throw Failures.of(running, e, timeout);
        } finally {
            watch.end(running);
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
}
