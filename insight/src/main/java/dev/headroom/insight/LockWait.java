package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session that waits for a lock, and the sessions in its way, holders and those queued before it alike. Pid 0 among them
 * is a prepared transaction.
 */
public record LockWait(
        int pid,
        List<Integer> blockedBy,
        @Nullable Name relation,
        String lockType,
        String mode,
        @Nullable Duration waited,
        @Nullable String user,
        @Nullable String query) {
    public LockWait {
        blockedBy = List.copyOf(blockedBy);
    }

    public static List<LockWait> now(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                select l.pid, pg_blocking_pids(l.pid) as blocked_by, n.nspname as schema, c.relname as name, l.locktype, l.mode,
                       extract(epoch from clock_timestamp() - l.waitstart) as waited, a.usename, a.query
                  from pg_locks l
                  left join pg_stat_activity a on a.pid = l.pid
                  left join pg_class c on c.oid = l.relation
                       and l.database = (select oid from pg_database where datname = current_database())
                  left join pg_namespace n on n.oid = c.relnamespace
                 where not l.granted
                 order by l.waitstart nulls last, l.pid
                """,
                row -> new LockWait(
                        row.getInt("pid"),
                        Rows.integers(row, "blocked_by"),
                        Rows.name(row, "schema", "name"),
                        row.getString("locktype"),
                        row.getString("mode"),
                        Rows.seconds(row, "waited"),
                        row.getString("usename"),
                        row.getString("query")));
    }
}
