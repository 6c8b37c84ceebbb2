package dev.headroom.service.database.json;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.core.Oid;

/** How each type is written. Those of PostgreSQL are known; those of the database are asked for once. */
public final class JsonTypes {

    private static final String TYPE_SQL = "select t.typtype, t.typelem::int8, t.typbasetype::int8, t.typdelim,"
            + " t.typsubscript = 'array_subscript_handler'::regproc and t.typelem <> 0 as is_array"
            + " from pg_type t where t.oid = ?::oid";

    private final Map<Integer, ValueWriter> writers = new ConcurrentHashMap<>(builtIn());

    private static Map<Integer, ValueWriter> builtIn() {
        return Map.ofEntries(
                Map.entry(Oid.BOOL, Scalars::bool),
                Map.entry(Oid.INT2, Scalars::number),
                Map.entry(Oid.INT4, Scalars::number),
                Map.entry(Oid.INT8, Scalars::number),
                Map.entry(Oid.NUMERIC, Scalars::number),
                Map.entry(Oid.FLOAT4, Scalars::number),
                Map.entry(Oid.FLOAT8, Scalars::number),
                Map.entry(Oid.UUID, Scalars::plain),
                Map.entry(Oid.DATE, Scalars::plain),
                Map.entry(Oid.TIME, Scalars::plain),
                Map.entry(Oid.TIMETZ, Scalars::plain),
                Map.entry(Oid.TIMESTAMP, Scalars::timestamp),
                Map.entry(Oid.TIMESTAMPTZ, Scalars::timestamptz),
                Map.entry(Oid.JSON, Scalars::json),
                Map.entry(Oid.JSONB, Scalars::json),
                Map.entry(Oid.BYTEA, Bytea::base64),
                Map.entry(Oid.TEXT, Scalars::text),
                Map.entry(Oid.VARCHAR, Scalars::text),
                Map.entry(Oid.BPCHAR, Scalars::text),
                Map.entry(Oid.NAME, Scalars::text));
    }

    ValueWriter writer(int oid, Connection connection) throws SQLException {
        ValueWriter known = writers.get(oid);
        if (known != null) {
            return known;
        }
        ValueWriter found = lookUp(oid, connection);
        writers.put(oid, found);
        return found;
    }

    private ValueWriter lookUp(int oid, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TYPE_SQL)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet type = statement.executeQuery()) {
                if (!type.next()) {
                    return Scalars::text;
                }
                if (type.getBoolean("is_array")) {
                    char delimiter = type.getString("typdelim").charAt(0);
                    return new ArrayWriter(writer((int) type.getLong("typelem"), connection), delimiter);
                }
                return "d".equals(type.getString("typtype"))
                        ? writer((int) type.getLong("typbasetype"), connection)
                        : Scalars::text;
            }
        }
    }
}
