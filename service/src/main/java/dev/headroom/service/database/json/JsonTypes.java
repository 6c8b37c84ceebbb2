package dev.headroom.service.database.json;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgResultSet;

/** How each type is written. Those of PostgreSQL are known; those of the database are asked for once. */
public final class JsonTypes {

    private static final int INT2VECTOR = 22;
    private static final int OIDVECTOR = 30;
    private static final int FIRST_OF_DATABASE = 16_384;

    private static final String TYPE_SQL = """
            select t.typelem::int8, t.typbasetype::int8, t.typrelid::int8, t.typdelim,
                   case when t.typelem <> 0 and t.typsubscript = 'array_subscript_handler'::regproc then 'array'
                        when t.typtype = 'd' then 'domain'
                        when t.typtype = 'c' then 'row'
                        when t.typname = 'hstore'
                          and exists (select from pg_depend d
                                      join pg_extension e on e.oid = d.refobjid and d.refclassid = 'pg_extension'::regclass
                                      where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
                                        and e.extname = 'hstore')
                          and exists (select from pg_cast k
                                      where k.castsource = t.oid and k.casttarget = 'json'::regtype and k.castmethod = 'f')
                          then 'hstore'
                        else '' end as kind
            from pg_type t where t.oid = ?::oid""";

    private static final String FIELDS_SQL = """
            select a.attname, a.atttypid::int8 from pg_attribute a
            where a.attrelid = ?::oid and a.attnum > 0 and not a.attisdropped order by a.attnum""";

    /** Those that a connection may send in binary, by {@link #RECEIVED_AS_TEXT}'s leave. */
    private static final Map<Integer, ValueWriter> BINARY = Map.of(
            Oid.INT2, BinaryScalars::int2,
            Oid.INT4, BinaryScalars::int4,
            Oid.INT8, BinaryScalars::int8,
            Oid.BOOL, BinaryScalars::bool,
            Oid.UUID, BinaryScalars::uuid,
            Oid.DATE, BinaryScalars::date,
            Oid.TIMESTAMP, BinaryScalars::timestamp,
            Oid.TIMESTAMPTZ, BinaryScalars::timestamptz,
            Oid.BYTEA, Bytea::decodedBase64);

    /**
     * For the driver's binaryTransferDisable: what it would ask for in binary, but is better had as the server's text:
     * its shortest digits of a float and its arrays are JSON already or nearly so.
     */
    public static final String RECEIVED_AS_TEXT = "FLOAT4,FLOAT8,NUMERIC,TIME,TIMETZ,POINT,BOX,OID_ARRAY,BYTEA_ARRAY,"
            + "INT2_ARRAY,INT4_ARRAY,INT8_ARRAY,FLOAT4_ARRAY,FLOAT8_ARRAY,TEXT_ARRAY,VARCHAR_ARRAY,NUMERIC_ARRAY,"
            + "BOOL_ARRAY,UUID_ARRAY,DATE_ARRAY,TIMESTAMP_ARRAY,TIMESTAMPTZ_ARRAY,TIME_ARRAY,TIMETZ_ARRAY";

    /** Statements have as many texts as their filters and orders have combinations; the columns of these many are kept. */
    private static final int KEPT_STATEMENTS = 2000;

    private final Map<Integer, ValueWriter> writers = new ConcurrentHashMap<>(builtIn());
    private final Map<String, Columns> columns = new ConcurrentHashMap<>();

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
                Map.entry(Oid.NAME, Scalars::text),
                Map.entry(INT2VECTOR, new VectorWriter(Scalars::number)),
                Map.entry(OIDVECTOR, new VectorWriter(Scalars::text)));
    }

    static ValueWriter binary(int oid) {
        ValueWriter writer = BINARY.get(oid);
        if (writer == null) {
            throw new IllegalStateException("type " + oid + " came in binary, add it to RECEIVED_AS_TEXT");
        }
        return writer;
    }

    Columns columns(String sql, PgResultSet rows) throws SQLException {
        Columns known = columns.get(sql);
        if (known != null && known.fit(rows)) {
            if (!known.isOld()) {
                return known;
            }
            forget();
        }
        Columns found = Columns.of(rows, this);
        if (known != null || columns.size() < KEPT_STATEMENTS) {
            columns.put(sql, found);
        }
        return found;
    }

    /** Those of the database are asked for again: tables whose rows are values can be altered. */
    public void forget() {
        writers.keySet().removeIf(JsonTypes::isOfDatabase);
        columns.values().removeIf(each -> !each.isLasting());
    }

    /** The server's own types have smaller numbers. */
    static boolean isOfDatabase(int oid) {
        return Integer.compareUnsigned(oid, FIRST_OF_DATABASE) >= 0;
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
        int related;
        char delimiter;
        String kind;
        try (PreparedStatement statement = connection.prepareStatement(TYPE_SQL)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet type = statement.executeQuery()) {
                if (!type.next()) {
                    return Scalars::text;
                }
                kind = type.getString("kind");
                delimiter = type.getString("typdelim").charAt(0);
                related = switch (kind) {
                    case "array" -> (int) type.getLong("typelem");
                    case "domain" -> (int) type.getLong("typbasetype");
                    default -> (int) type.getLong("typrelid");
                };
            }
        }
        return switch (kind) {
            case "array" -> new ArrayWriter(writer(related, connection), delimiter);
            case "domain" -> writer(related, connection);
            case "row" -> new CompositeWriter(fields(related, connection));
            case "hstore" -> HstoreWriter::write;
            default -> Scalars::text;
        };
    }

    private List<CompositeWriter.Field> fields(int relation, Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        List<Integer> oids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FIELDS_SQL)) {
            statement.setLong(1, Integer.toUnsignedLong(relation));
            try (ResultSet field = statement.executeQuery()) {
                while (field.next()) {
                    names.add(field.getString(1));
                    oids.add((int) field.getLong(2));
                }
            }
        }
        List<CompositeWriter.Field> fields = new ArrayList<>();
        for (int at = 0; at < names.size(); at++) {
            fields.add(new CompositeWriter.Field(names.get(at), writer(oids.get(at), connection)));
        }
        return fields;
    }

    /** What stands before the value: the brace or comma, the name, escaped once, and the colon. */
    static byte[] key(String name, boolean first) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        JsonBuffer key = new JsonBuffer(utf8.length + 8);
        key.put(first ? '{' : ',');
        key.putString(utf8, 0, utf8.length);
        key.put(':');
        return key.toByteArray();
    }
}
