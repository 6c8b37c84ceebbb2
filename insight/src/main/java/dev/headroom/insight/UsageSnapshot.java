package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How often each index (by oid) was used, as counted since {@code statsReset}; taken now and then, and compared. */
public record UsageSnapshot(Instant takenAt, @Nullable Instant statsReset, Map<Long, IndexUse> uses) {
    /**
     * Scans of the index, and reads of its table by any means; when each was last, as PostgreSQL 16 and later know it.
     *
     * @param since when this was counted, where that was later than the rest of the snapshot
     */
    public record IndexUse(
            long scans,
            long tableReads,
            @Nullable Instant lastScan,
            @Nullable Instant lastTableRead,
            @Nullable Instant since) {
        public IndexUse(long scans, long tableReads) {
            this(scans, tableReads, null, null, null);
        }

        public IndexUse plus(IndexUse other) {
            return new IndexUse(
                    scans + other.scans,
                    tableReads + other.tableReads,
                    later(lastScan, other.lastScan),
                    later(lastTableRead, other.lastTableRead),
                    later(since, other.since));
        }

        private IndexUse at(Instant time) {
            return new IndexUse(scans, tableReads, lastScan, lastTableRead, time);
        }

        private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
            return one == null || (other != null && other.isAfter(one)) ? other : one;
        }
    }

    private static final long NO_INDEX = 0;

    private record Row(Instant takenAt, @Nullable Instant statsReset, long oid, IndexUse use) {}

    public UsageSnapshot {
        uses = Map.copyOf(uses);
    }

    /** With the indexes that only a later snapshot has: each begins to be watched then. */
    public UsageSnapshot withNew(UsageSnapshot later) {
        if (uses.keySet().containsAll(later.uses.keySet())) {
            return this;
        }
        Map<Long, IndexUse> all = new LinkedHashMap<>();
        later.uses.forEach((oid, use) -> all.put(oid, use.at(later.takenAt)));
        all.putAll(uses);
        return new UsageSnapshot(takenAt, statsReset, all);
    }

    public static UsageSnapshot of(Connection connection, Collection<String> schemas) throws SQLException {
        var rows = Rows.list(
                connection,
                """
                with recursive tables as (
                    select t.oid from pg_class t join pg_namespace n on n.oid = t.relnamespace
                     where t.relkind in ('r', 'p', 'm') and n.nspname = any (?)
                     union
                    select h.inhrelid from tables join pg_inherits h on h.inhparent = tables.oid
                )
                select clock_timestamp() as taken_at, d.stats_reset, i.indexrelid::bigint as oid,
                       coalesce(pg_stat_get_numscans(i.indexrelid), 0) as scans,
                       coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) as table_reads,
                       (to_jsonb(u) ->> 'last_idx_scan')::timestamptz as last_scan,
                       greatest((to_jsonb(s) ->> 'last_seq_scan')::timestamptz,
                                (to_jsonb(s) ->> 'last_idx_scan')::timestamptz) as last_table_read
                  from pg_stat_database d
                  left join (tables join pg_index i on i.indrelid = tables.oid) on true
                  left join pg_stat_all_tables s on s.relid = i.indrelid
                  left join pg_stat_all_indexes u on u.indexrelid = i.indexrelid
                 where d.datname = current_database()
                """,
                row -> new Row(
                        Objects.requireNonNull(Rows.instant(row, "taken_at")),
                        Rows.instant(row, "stats_reset"),
                        row.getLong("oid"),
                        new IndexUse(
                                row.getLong("scans"),
                                row.getLong("table_reads"),
                                Rows.instant(row, "last_scan"),
                                Rows.instant(row, "last_table_read"),
                                null)),
                schemas);
        Map<Long, IndexUse> uses = new LinkedHashMap<>();
        rows.forEach(row -> uses.put(row.oid(), row.use()));
        uses.remove(NO_INDEX);
        return new UsageSnapshot(rows.getFirst().takenAt(), rows.getFirst().statsReset(), uses);
    }
}
