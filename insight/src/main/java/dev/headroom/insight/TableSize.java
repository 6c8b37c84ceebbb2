package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** What a table takes, its indexes and TOAST included in {@code totalBytes}; {@code rows} is the planner's estimate. */
public record TableSize(Name table, long tableBytes, long indexBytes, long totalBytes, long rows, long deadRows) {

    /** The largest first. A table that is locked whole answers what was known last, rather than wait for it. */
    public static List<TableSize> of(Connection connection, Collection<String> schemas) throws SQLException {
        return Rows.list(
                connection,
                """
                with locked as (
                    select coalesce(i.indrelid, l.relation) as oid
                      from pg_locks l left join pg_index i on i.indexrelid = l.relation
                     where l.granted and l.mode = 'AccessExclusiveLock' and l.locktype = 'relation'
                       and l.database = (select oid from pg_database where datname = current_database())
                ), sizes as (
                    select n.nspname as schema, c.relname as name, c.reltuples, s.n_dead_tup,
                           case when c.oid in (select oid from locked)
                                then array[c.relpages * b.size, x.pages * b.size, (c.relpages + x.pages) * b.size]
                                else array[pg_table_size(c.oid), pg_indexes_size(c.oid), pg_total_relation_size(c.oid)] end
                             as bytes
                      from pg_class c
                      join pg_namespace n on n.oid = c.relnamespace
                      left join pg_stat_all_tables s on s.relid = c.oid
                     cross join (select current_setting('block_size')::bigint as size) b
                     cross join lateral (
                        select coalesce(sum(ic.relpages), 0)::bigint as pages
                          from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid) x
                     where c.relkind in ('r', 'm') and n.nspname = any (?)
                )
                select * from sizes order by bytes[3] desc, schema, name
                """,
                row -> {
                    Long[] bytes = (Long[]) row.getArray("bytes").getArray();
                    return new TableSize(
                            new Name(row.getString("schema"), row.getString("name")),
                            bytes[0],
                            bytes[1],
                            bytes[2],
                            Math.max(0, row.getLong("reltuples")),
                            row.getLong("n_dead_tup"));
                },
                schemas);
    }
}
