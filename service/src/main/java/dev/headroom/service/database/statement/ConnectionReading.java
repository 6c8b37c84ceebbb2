package dev.headroom.service.database.statement;

import java.sql.Connection;
import java.sql.SQLException;

/** Reads with statements of its own, on a connection that it gives back. */
@FunctionalInterface
public interface ConnectionReading<T> {
    T on(Connection connection) throws SQLException;
}
