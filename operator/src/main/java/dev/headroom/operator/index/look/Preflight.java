package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.index.look.Preflight.Blocker.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what a concurrent build or drop would wait for, before it begins: waiting outside costs nothing, while
 * waiting inside holds back vacuum and ends in an INVALID index.
 *
 * <p>A build waits for whoever has the table locked against it, for transactions that wrote to the table, and for
 * snapshots older than its own in the same database. It does not wait for replication slots or other databases. What is
 * younger than the lock limit is waited for inside.
 */
public final class Preflight {
    private static final Duration REPLICA_LAG = Duration.ofSeconds(60);

    private Preflight() {}

    public static List<Blocker> beforeBuild(Connection connection, Name table, Duration lockLimit) throws SQLException {
        List<Blocker> blockers = new ArrayList<>(lockers(connection, table, lockLimit, false));
        blockers.addAll(prepared(connection, table));
        blockers.addAll(snapshots(connection, lockLimit));
        blockers.addAll(replicas(connection));
        return blockers;
    }

    /** A drop waits for everybody who uses the table at all, and for no snapshot. */
    public static List<Blocker> beforeDrop(Connection connection, Name table, Duration lockLimit) throws SQLException {
        List<Blocker> blockers = new ArrayList<>(lockers(connection, table, lockLimit, true));
        blockers.addAll(prepared(connection, table));
        return blockers;
    }

    /**
     * An autovacuum gives way to a build by itself, unless it is the one that prevents wraparound. The predicate locks of
     * SERIALIZABLE transactions conflict with nothing and outlive their transaction: no one waits for them.
     */
    private static List<Blocker> lockers(Connection connection, Name table, Duration lockLimit, boolean readersToo)
            throws SQLException {
        return Rows.list(
                connection,
                """
                select distinct on (l.pid) l.pid, l.mode, a.usename::text as usename, a.application_name, a.state, a.xact_start, a.query
                  from pg_locks l
                  join pg_stat_activity a on a.pid = l.pid
                  join pg_class c on c.oid = l.relation
                  join pg_namespace n on n.oid = c.relnamespace
                 where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid() and l.mode <> 'SIReadLock'
                   and l.database = (select oid from pg_database where datname = current_database())
                   and n.nspname = ? and c.relname = ?
                   and case when l.mode in ('AccessShareLock', 'RowShareLock')
                            then ? and a.xact_start < clock_timestamp() - ? * interval '1 ms'
                            when l.mode = 'RowExclusiveLock'
                            then a.xact_start < clock_timestamp() - ? * interval '1 ms'
                            else not (coalesce(a.backend_type, '') = 'autovacuum worker'
                                      and a.query not like '%to prevent wraparound%') end
                 order by l.pid, l.mode = 'AccessShareLock', l.mode = 'RowExclusiveLock'
                """,
                row -> session(row, kind(row.getString("mode"))),
                table.schema(),
                table.name(),
                readersToo,
                lockLimit.toMillis(),
                lockLimit.toMillis());
    }

    private static Kind kind(String mode) {
        return switch (mode) {
            case "AccessShareLock", "RowShareLock" -> Kind.READER;
            case "RowExclusiveLock" -> Kind.WRITER;
            default -> Kind.LOCK;
        };
    }

    private static List<Blocker> snapshots(Connection connection, Duration lockLimit) throws SQLException {
        return Rows.list(connection, """
                select a.pid, a.usename::text as usename, a.application_name, a.state, a.xact_start, a.query
                  from pg_stat_activity a
                 where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_xmin is not null
                   and a.xact_start < clock_timestamp() - ? * interval '1 ms'
                   and a.backend_type <> 'autovacuum worker'
                   and not exists (select from pg_stat_progress_vacuum v where v.pid = a.pid)
                 order by a.xact_start
                """, row -> session(row, Kind.SNAPSHOT), lockLimit.toMillis());
    }

    /** Its locks are those without a pid that have the virtual transaction of the lock on its own id. */
    private static List<Blocker> prepared(Connection connection, Name table) throws SQLException {
        return Rows.list(
                connection,
                """
                select distinct p.gid, p.prepared, p.owner::text as owner
                  from pg_prepared_xacts p
                  join pg_locks own on own.locktype = 'transactionid' and own.transactionid = p.transaction and own.pid is null
                  join pg_locks l on l.virtualtransaction = own.virtualtransaction and l.pid is null
                                 and l.locktype = 'relation' and l.mode not in ('AccessShareLock', 'SIReadLock')
                  join pg_class c on c.oid = l.relation
                  join pg_namespace n on n.oid = c.relnamespace
                 where p.database = current_database() and n.nspname = ? and c.relname = ?
                """,
                row -> new Blocker(
                        Kind.PREPARED,
                        0,
                        "\"" + row.getString("gid") + "\" of " + row.getString("owner"),
                        instant(row, "prepared"),
                        null,
                        "end it with COMMIT PREPARED or ROLLBACK PREPARED"),
                table.schema(),
                table.name());
    }

    private static List<Blocker> replicas(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                select pid, application_name, client_addr::text as address, replay_lag
                  from pg_stat_replication where replay_lag > ? * interval '1 ms'
                """,
                row -> new Blocker(
                        Kind.REPLICA,
                        row.getInt("pid"),
                        "the replica " + row.getString("application_name") + " at " + row.getString("address"),
                        null,
                        null,
                        "the build begins when it is less than " + REPLICA_LAG.toSeconds() + " s behind"),
                REPLICA_LAG.toMillis());
    }

    private static Blocker session(ResultSet row, Kind kind) throws SQLException {
        int pid = row.getInt("pid");
        String state = row.getString("state");
        String application = row.getString("application_name");
        String who = "pid " + pid + " (" + row.getString("usename")
                + (application == null || application.isBlank() ? "" : ", " + application)
                + (state == null ? "" : ", " + state) + ")";
        return new Blocker(
                kind,
                pid,
                who,
                instant(row, "xact_start"),
                row.getString("query"),
                "let its transaction end, or SELECT pg_terminate_backend(" + pid + ")");
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    /**
     * Something that a build or a drop would have to wait for. Its text says since when and not for how long: it stands in
     * the status, where each difference is a write.
     */
    public record Blocker(
            Kind kind,
            int pid,
            String who,
            @Nullable Instant since,
            @Nullable String statement,
            String wayOut) {
        private static final int STATEMENT_SHOWN = 80;
        static final Pattern LITERALS = Pattern.compile("'(?:[^']|'')*'?|\\b\\d+(?:\\.\\d+)?\\b");

        /** What it is that has to end. */
        public enum Kind {
            SNAPSHOT("holds a snapshot"),
            WRITER("wrote to the table in a transaction that is still open"),
            READER("read the table in a transaction that is still open"),
            LOCK("holds a lock on the table that excludes a build"),
            PREPARED("is a prepared transaction that wrote to the table"),
            REPLICA("lags behind, and a build writes the whole index to the WAL");

            private final String does;

            Kind(String does) {
                this.does = does;
            }
        }

        public String text() {
            StringBuilder text = new StringBuilder(who).append(' ').append(kind.does);
            if (since != null) {
                text.append(" since ").append(since.truncatedTo(ChronoUnit.SECONDS));
            }
            if (statement != null && !statement.isBlank()) {
                text.append(" (").append(masked(statement)).append(')');
            }
            return text.append("; ").append(wayOut).toString();
        }

        /** Enough to recognise a statement by; its values are none of the status' business. */
        static String masked(String statement) {
            String bare =
                    LITERALS.matcher(statement.replaceAll("\\s+", " ").strip()).replaceAll("?");
            return bare.length() <= STATEMENT_SHOWN ? bare : bare.substring(0, STATEMENT_SHOWN) + "…";
        }
    }
}
