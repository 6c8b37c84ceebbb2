package dev.headroom.service.database.json;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgResultSet;
import org.postgresql.jdbc.PgResultSetMetaData;

/**
 * How the columns of a statement's rows are written. Worked out once for each statement, not for each answer: for one row
 * that costs as much as the row. What the server sends can change (from text to binary, or after an alter table), so each
 * answer is held against it.
 */
final class Columns {

    /** As the protocol numbers it. */
    private static final int BINARY_FORMAT = 1;

    private static final long LASTING_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A column as the server announces it. */
    private record Announced(String label, int type, int format) {}

    private final Announced[] announced;
    private final Key[] keys;
    private final ValueWriter[] writers;
    private final long madeAt = System.nanoTime();
    private final boolean lasting;

    private Columns(Announced[] announced, Key[] keys, ValueWriter[] writers) {
        this.announced = announced;
        this.keys = keys;
        this.writers = writers;
        this.lasting = Arrays.stream(announced).noneMatch(column -> JsonTypes.isOfDatabase(column.type));
    }

    boolean isLasting() {
        return lasting;
    }

    /** Whether to ask again for the types, because fields can be renamed without a sign of it in the rows. */
    boolean isOld() {
        return !lasting && System.nanoTime() - madeAt > LASTING_NANOS;
    }

    static Columns of(PgResultSet rows, JsonTypes types) throws SQLException {
        PgResultSetMetaData columns = rows.getMetaData().unwrap(PgResultSetMetaData.class);
        Announced[] announced = new Announced[columns.getColumnCount()];
        Key[] keys = new Key[announced.length];
        ValueWriter[] writers = new ValueWriter[announced.length];
        for (int at = 0; at < announced.length; at++) {
            Announced column =
                    new Announced(columns.getColumnLabel(at + 1), rows.getColumnOID(at + 1), columns.getFormat(at + 1));
            announced[at] = column;
            keys[at] = new Key(JsonTypes.key(column.label, at == 0));
            if (column.format == BINARY_FORMAT) {
                writers[at] = JsonTypes.binary(column.type);
            } else {
                // The driver decodes bytea whatever the format; everything else comes as the server wrote it.
                writers[at] = column.type == Oid.BYTEA
                        ? Bytea::decodedBase64
                        : types.writer(column.type, rows.getStatement().getConnection());
            }
        }
        return new Columns(announced, keys, writers);
    }

    /** Whether these rows have just these columns. */
    boolean fit(PgResultSet rows) throws SQLException {
        PgResultSetMetaData columns = rows.getMetaData().unwrap(PgResultSetMetaData.class);
        if (columns.getColumnCount() != announced.length) {
            return false;
        }
        for (int at = 0; at < announced.length; at++) {
            Announced column = announced[at];
            if (columns.getFormat(at + 1) != column.format
                    || rows.getColumnOID(at + 1) != column.type
                    || !columns.getColumnLabel(at + 1).equals(column.label)) {
                return false;
            }
        }
        return true;
    }

    Key[] keys() {
        return keys;
    }

    ValueWriter[] writers() {
        return writers;
    }
}
