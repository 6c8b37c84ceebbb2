package dev.headroom.service.database.json;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgResultSet;
import org.postgresql.jdbc.PgResultSetMetaData;

/**
 * A result set as JSON. Most types come as text, which for most of them is already the JSON, so their bytes are copied,
 * not decoded and written again; those that are less work in binary come in binary once the statement is prepared.
 */
public final class JsonRows {

    /** As the protocol numbers it. */
    private static final int BINARY_FORMAT = 1;

    private final PgResultSet rows;
    private final Key[] keys;
    private final ValueWriter[] writers;

    private JsonRows(PgResultSet rows, Key[] keys, ValueWriter[] writers) {
        this.rows = rows;
        this.keys = keys;
        this.writers = writers;
    }

    public static JsonRows of(ResultSet rows, JsonTypes types) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        PgResultSetMetaData formats = columns.unwrap(PgResultSetMetaData.class);
        PgResultSet typed = rows.unwrap(PgResultSet.class);
        Connection connection = rows.getStatement().getConnection();
        int count = columns.getColumnCount();
        Key[] keys = new Key[count];
        ValueWriter[] writers = new ValueWriter[count];
        for (int column = 0; column < count; column++) {
            keys[column] = new Key(JsonTypes.key(columns.getColumnLabel(column + 1), column == 0));
            int oid = typed.getColumnOID(column + 1);
            if (formats.getFormat(column + 1) == BINARY_FORMAT) {
                writers[column] = JsonTypes.binary(oid);
            } else {
                // The driver decodes bytea whatever the format; everything else comes as the server wrote it.
                writers[column] = oid == Oid.BYTEA ? Bytea::decodedBase64 : types.writer(oid, connection);
            }
        }
        return new JsonRows(typed, keys, writers);
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
