package dev.headroom.service.catalog.load;

import java.util.Map;

/**
 * Where a catalog's tables are: all in one schema, single ones elsewhere or under another name.
 *
 * @param elsewhere by the name in the SQL files: {@code table} or {@code schema.table}
 */
public record TableNames(String schema, Map<String, String> elsewhere) {

    /** The name as the database is told it: quoted and qualified, so that no session state is needed. */
    public String qualified(String table) {
        String mapped = elsewhere.getOrDefault(table, table);
        int dot = mapped.indexOf('.');
        return dot < 0
                ? quote(schema) + "." + quote(mapped)
                : quote(mapped.substring(0, dot)) + "." + quote(mapped.substring(dot + 1));
    }

    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
