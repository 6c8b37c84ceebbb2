package dev.headroom.operator.index;

import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/** A transaction that somebody forgot to end. */
record Held(Connection connection) implements AutoCloseable {

    static Held transaction(TestPostgres.Database database, String... statements) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        Sqls.run(connection, statements);
        return new Held(connection);
    }

    static Held snapshot(TestPostgres.Database database) throws SQLException {
        Connection connection = database.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        Sqls.run(connection, "select 1 from pg_database");
        return new Held(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
