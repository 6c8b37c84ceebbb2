package dev.headroom.service.database;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes an answer of all the rows of a statement, while its connection is held. */
@FunctionalInterface
interface ResultReader<T> {
    T read(ResultSet rows) throws SQLException;
}
