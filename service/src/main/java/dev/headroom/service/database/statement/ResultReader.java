package dev.headroom.service.database.statement;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes an answer of all the rows of a statement, while its connection is held. */
@FunctionalInterface
public interface ResultReader<T> {
    T read(ResultSet rows) throws SQLException;
}
