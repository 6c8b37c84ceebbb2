package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A VACUUM that is running in this database; an index build on the same table waits for it, and it for the build. */
public record Vacuum(
        int pid,
        @Nullable Name table,
        boolean automatic,
        @Nullable String phase,
        long blocksTotal,
        long blocksScanned,
        @Nullable Duration running) {

    public static List<Vacuum> running(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                select p.pid, n.nspname as schema, c.relname as name, a.backend_type = 'autovacuum worker' as automatic,
                       p.phase, p.heap_blks_total, p.heap_blks_scanned,
                       extract(epoch from clock_timestamp() - a.query_start) as running
                  from pg_stat_progress_vacuum p
                  left join pg_stat_activity a on a.pid = p.pid
                  left join pg_class c on c.oid = p.relid
                  left join pg_namespace n on n.oid = c.relnamespace
                 where p.datname = current_database()
                 order by p.pid
                """,
                row -> new Vacuum(
                        row.getInt("pid"),
                        Rows.name(row, "schema", "name"),
                        row.getBoolean("automatic"),
                        row.getString("phase"),
                        row.getLong("heap_blks_total"),
                        row.getLong("heap_blks_scanned"),
                        Rows.seconds(row, "running")));
    }
}
