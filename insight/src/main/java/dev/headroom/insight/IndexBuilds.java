package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The index builds running in this database, by whomever. */
public final class IndexBuilds {
    private IndexBuilds() {}

    public static List<IndexBuild> running(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                select p.*, tn.nspname as table_schema, t.relname as table_name, n.nspname as index_schema, i.relname as index_name
                  from pg_stat_progress_create_index p
                  left join pg_class t on t.oid = p.relid
                  left join pg_namespace tn on tn.oid = t.relnamespace
                  left join pg_class i on i.oid = p.index_relid
                  left join pg_namespace n on n.oid = i.relnamespace
                 where p.datname = current_database()
                 order by p.pid
                """,
                row -> new IndexBuild(
                        row.getInt("pid"),
                        Rows.name(row, "table_schema", "table_name"),
                        Rows.name(row, "index_schema", "index_name"),
                        row.getString("command"),
                        row.getString("phase"),
                        row.getLong("lockers_total"),
                        row.getLong("lockers_done"),
                        row.getInt("current_locker_pid") == 0 ? null : row.getInt("current_locker_pid"),
                        row.getLong("blocks_total"),
                        row.getLong("blocks_done"),
                        row.getLong("tuples_total"),
                        row.getLong("tuples_done"),
                        row.getLong("partitions_total"),
                        row.getLong("partitions_done")));
    }
}
