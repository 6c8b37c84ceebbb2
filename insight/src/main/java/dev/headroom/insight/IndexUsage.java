package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** How often an index was scanned, and what it found, since the statistics were last reset. */
public record IndexUsage(Name index, Name table, long scans, long tuplesRead, long tuplesFetched) {

    public static List<IndexUsage> mostScanned(Connection connection, Collection<String> schemas, int limit)
            throws SQLException {
        return Rows.list(
                connection,
                """
                select schemaname, relname, indexrelname, idx_scan, idx_tup_read, idx_tup_fetch
                  from pg_stat_all_indexes
                 where schemaname = any (?)
                 order by idx_scan desc, schemaname, indexrelname
                 limit ?
                """,
                row -> new IndexUsage(
                        new Name(row.getString("schemaname"), row.getString("indexrelname")),
                        new Name(row.getString("schemaname"), row.getString("relname")),
                        row.getLong("idx_scan"),
                        row.getLong("idx_tup_read"),
                        row.getLong("idx_tup_fetch")),
                schemas,
                limit);
    }
}
