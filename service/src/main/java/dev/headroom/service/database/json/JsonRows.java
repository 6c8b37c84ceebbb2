package dev.headroom.service.database.json;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgResultSet;

/**
 * A result set as JSON. Most types come as text, which for most of them is already the JSON, so their bytes are copied,
 * not decoded and written again; those that are less work in binary come in binary once the statement is prepared.
 */
public final class JsonRows {

    private final PgResultSet rows;
    private final Key[] keys;
    private final ValueWriter[] writers;

    private JsonRows(PgResultSet rows, Columns columns) {
        this.rows = rows;
        this.keys = columns.keys();
        this.writers = columns.writers();
    }

    /** For the rows of a statement, whose columns are known by its text when it ran before. */
    public static JsonRows of(String sql, ResultSet rows, JsonTypes types) throws SQLException {
        PgResultSet typed = rows.unwrap(PgResultSet.class);
        return new JsonRows(typed, types.columns(sql, typed));
    }

    /** All rows, as an array of objects. */
    public void array(JsonBuffer out) throws SQLException {
        out.put('[');
        boolean first = true;
        while (rows.next()) {
            if (!first) {
                out.put(',');
            }
            first = false;
            row(out);
        }
        out.put(']');
    }

    /** The next row as an object; false when there is none. */
    public boolean object(JsonBuffer out) throws SQLException {
        if (!rows.next()) {
            return false;
        }
        row(out);
        return true;
    }

    /** The first column of the next row as it is; false when there is no row or it is null. */
    public boolean document(JsonBuffer out) throws SQLException {
        byte @Nullable [] value = rows.next() ? rows.getBytes(1) : null;
        if (value == null) {
            return false;
        }
        writers[0].write(value, 0, value.length, out);
        return true;
    }

    private void row(JsonBuffer out) throws SQLException {
        if (keys.length == 0) {
            out.put('{');
        }
        for (int column = 0; column < keys.length; column++) {
            out.put(keys[column]);
            byte @Nullable [] value = rows.getBytes(column + 1);
            if (value == null) {
                out.putNull();
            } else {
                writers[column].write(value, 0, value.length, out);
            }
        }
        out.put('}');
    }
}
