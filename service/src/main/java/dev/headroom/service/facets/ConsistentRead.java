package dev.headroom.service.facets;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementTimedOut;
import dev.headroom.service.database.statement.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Reads a set too large to be held as rows: a few rows at a time, all statements as of one moment, on a connection of its
 * own, so that a read of seconds takes none from the pool.
 */
final class ConsistentRead implements AutoCloseable {
    /** Rows in memory at once, and to a round trip. */
    private static final int FETCHED = 2000;

    /** The rows come in order: sorting a hundred thousand on disk would take longer than everything else. */
    private static final String SORT_MEMORY = "128MB";

    private static final String QUERY_CANCELLED = "57014";

    private final Connection connection;
    private final Duration timeout;

    private ConsistentRead(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /** Takes the row that the result set stands on; values come as text. */
    @FunctionalInterface
    interface RowTaker {
        void take(ResultSet row) throws SQLException;
    }

    static ConsistentRead open(DataSource connections, Duration timeout) {
        try {
            Connection connection = connections.getConnection();
            ConsistentRead read = new ConsistentRead(connection, timeout);
            try {
                read.begin();
                return read;
            } catch (SQLException e) {
                read.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseUnavailable(PostgresConnector.messageOf(e), e);
        }
    }

    private void begin() throws SQLException {
        // The server keeps the statement timeout; a server that no longer answers at all is left after it.
        connection.setNetworkTimeout(Runnable::run, (int) timeout.plusSeconds(2).toMillis());
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local statement_timeout = " + timeout.toMillis());
            statement.execute("set local time zone 'UTC'");
            statement.execute("set local work_mem = '" + SORT_MEMORY + "'");
        }
    }

    /** Hands each row over as it comes. */
    void each(Query query, RowTaker taker) {
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            statement.setFetchSize(FETCHED);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taker.take(rows);
                }
            }
        } catch (SQLException e) {
            throw QUERY_CANCELLED.equals(e.getSQLState())
                    ? new StatementTimedOut(query.name(), "build-timeout in the entry of its catalog", timeout, e)
                    : DatabaseFailure.of(query.name(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It was only read from; the server notices when the socket closes.
        }
    }
}
