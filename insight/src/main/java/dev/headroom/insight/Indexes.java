package dev.headroom.insight;

import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The indexes of some schemas or tables. */
public final class Indexes {
    private static final String ALL = """
                with changing as (  -- indexes under a concurrent build; of a build that is not shown, all of the table it has locked
                    select nullif(p.index_relid, 0) as index_oid, coalesce(nullif(p.relid, 0), l.relation) as table_oid
                      from pg_stat_progress_create_index p
                      left join pg_locks l on l.pid = p.pid and l.granted and p.relid is null
                                          and l.mode = 'ShareUpdateExclusiveLock' and l.locktype = 'relation'
                     where p.datname = current_database()
                ), swapping as (    -- indexes under REINDEX or DROP … CONCURRENTLY, which lock the index itself
                    select relation as index_oid from pg_locks
                     where granted and locktype = 'relation' and mode = 'ShareUpdateExclusiveLock'
                       and database = (select oid from pg_database where datname = current_database())
                ), locked as (      -- asking these for their size would wait
                    select relation from pg_locks
                     where granted and locktype = 'relation' and mode = 'AccessExclusiveLock'
                       and database = (select oid from pg_database where datname = current_database())
                )
                select i.indexrelid::bigint as oid, n.nspname as schema, c.relname as name, t.relname as table_name,
                       a.amname as method, k.*,
                       array(select m.attname::text from pg_attribute m
                              where m.attrelid = i.indexrelid and m.attnum > i.indnkeyatts order by m.attnum) as include,
                       pg_get_expr(i.indpred, i.indrelid) as predicate, c.reloptions as storage_parameters,
                       i.indisunique, coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
                       i.indisprimary, not i.indimmediate as deferrable,
                       exists (select from pg_constraint f where f.conindid = i.indexrelid and f.contype = 'f')
                         as referenced,
                       con.conname as constraint_name, i.indisreplident, i.indisclustered,
                       i.indisvalid, i.indisready, i.indislive,
                       i.indexrelid in (select index_oid from changing where index_oid is not null)
                         or i.indrelid in (select table_oid from changing where index_oid is null)
                         or i.indexrelid in (select index_oid from swapping) as changing,
                       c.relkind = 'I' as partitioned, pn.nspname as parent_schema, pc.relname as parent_name,
                       pg_get_indexdef(i.indexrelid) as definition,
                       case when i.indexrelid in (select relation from locked)
                            then c.relpages::bigint * current_setting('block_size')::bigint
                            else coalesce(pg_relation_size(i.indexrelid), 0) end as bytes,
                       coalesce(pg_stat_get_numscans(i.indexrelid), 0) as scans,
                       obj_description(i.indexrelid, 'pg_class') as comment
                  from pg_index i
                  join pg_class c on c.oid = i.indexrelid
                  join pg_class t on t.oid = i.indrelid
                  join pg_namespace n on n.oid = t.relnamespace
                  join pg_am a on a.oid = c.relam
                  left join pg_constraint con on con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x')
                  left join pg_inherits h on h.inhrelid = i.indexrelid
                  left join pg_class pc on pc.oid = h.inhparent
                  left join pg_namespace pn on pn.oid = pc.relnamespace
                 cross join lateral (
                    select array_agg(pg_get_indexdef(i.indexrelid, p, false) order by p) as key_texts,
                           array_agg(tc.attname::text order by p) as key_columns,
                           array_agg(case when o.opcnamespace <> 'pg_catalog'::regnamespace
                                          then o.opcnamespace::regnamespace::text || '.' else '' end
                                     || quote_ident(o.opcname)
                                     || coalesce('(' || array_to_string(ic.attoptions, ', ') || ')', '') order by p)
                             as key_opclasses,
                           array_agg(co.collnamespace::regnamespace::text || '.' || quote_ident(co.collname) order by p)
                             as key_collations,
                           array_agg(i.indoption[p - 1] & 1 = 1 order by p) as key_descending,
                           array_agg(i.indoption[p - 1] & 2 = 2 order by p) as key_nulls_first
                      from generate_series(1, i.indnkeyatts::int) p
                      join pg_attribute ic on ic.attrelid = i.indexrelid and ic.attnum = p
                      join pg_type ty on ty.oid = ic.atttypid
                      join pg_opclass o on o.oid = i.indclass[p - 1]
                      left join pg_attribute tc on tc.attrelid = i.indrelid and tc.attnum = i.indkey[p - 1]
                                               and i.indkey[p - 1] <> 0
                      left join pg_collation co on co.oid = i.indcollation[p - 1]
                                               and co.oid <> coalesce(tc.attcollation, ty.typcollation)
                 ) k
                """;
    private static final String OF_SCHEMAS =
            ALL + " where n.nspname = any (?) order by n.nspname, t.relname, c.relname";
    private static final String OF_TABLES_OR_NAMED = ALL + """
                 where i.indexrelid = any (array(
                    select o.indexrelid from pg_index o
                      join pg_class ot on ot.oid = o.indrelid
                      join pg_namespace otn on otn.oid = ot.relnamespace
                     where otn.nspname = any (?) and ot.relname = any (?)
                     union
                    select oc.oid from pg_class oc join pg_namespace ocn on ocn.oid = oc.relnamespace
                     where ocn.nspname = ? and oc.relname = ?))
                 order by n.nspname, t.relname, c.relname
                """;

    private static final String INTERNAL_ERROR = "XX000";
    private static final int TRIES = 5;

    private Indexes() {}

    /** Printing a definition waits for whoever has locked its table whole: set a lock_timeout where that matters. */
    public static List<Index> of(Connection connection, Collection<String> schemas) throws SQLException {
        return read(connection, OF_SCHEMAS, schemas);
    }

    /** Those on some tables, and the one of this name wherever it is. */
    public static List<Index> of(Connection connection, Set<Name> tables, @Nullable Name index) throws SQLException {
        List<String> schemas = tables.stream().map(Name::schema).distinct().toList();
        List<String> names = tables.stream().map(Name::name).toList();
        String schema = index == null ? "" : index.schema();
        String name = index == null ? "" : index.name();
        return read(connection, OF_TABLES_OR_NAMED, schemas, names, schema, name).stream()
                .filter(each -> tables.contains(each.table()) || each.name().equals(index))
                .toList();
    }

    /** The server prints definitions as of now: it fails on an index that somebody drops while the statement runs. */
    private static List<Index> read(Connection connection, String sql, Object... parameters) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return Rows.list(connection, sql, Indexes::index, parameters);
            } catch (SQLException e) {
                if (!INTERNAL_ERROR.equals(e.getSQLState()) || tries == TRIES || !connection.getAutoCommit()) {
                    throw e;
                }
            }
        }
    }

    private static Index index(ResultSet row) throws SQLException {
        String schema = row.getString("schema");
        return new Index(
                row.getLong("oid"),
                new Name(schema, row.getString("name")),
                new Name(schema, row.getString("table_name")),
                new IndexShape(
                        row.getString("method"),
                        keys(row),
                        Rows.texts(row, "include"),
                        row.getString("predicate"),
                        Rows.texts(row, "storage_parameters")),
                new IndexRole(
                        row.getBoolean("indisunique"),
                        row.getBoolean("nulls_not_distinct"),
                        row.getBoolean("indisprimary"),
                        row.getString("constraint_name"),
                        row.getBoolean("indisreplident"),
                        row.getBoolean("indisclustered"),
                        row.getBoolean("deferrable"),
                        row.getBoolean("referenced")),
                new IndexState(
                        row.getBoolean("indisvalid"),
                        row.getBoolean("indisready"),
                        row.getBoolean("indislive"),
                        row.getBoolean("changing")),
                row.getBoolean("partitioned"),
                Rows.name(row, "parent_schema", "parent_name"),
                row.getString("definition"),
                row.getLong("bytes"),
                row.getLong("scans"),
                row.getString("comment"));
    }

    private static List<IndexKey> keys(ResultSet row) throws SQLException {
        @Nullable String[] texts = strings(row.getArray("key_texts"));
        @Nullable String[] columns = strings(row.getArray("key_columns"));
        @Nullable String[] opclasses = strings(row.getArray("key_opclasses"));
        @Nullable String[] collations = strings(row.getArray("key_collations"));
        Boolean[] descending = (Boolean[]) row.getArray("key_descending").getArray();
        Boolean[] nullsFirst = (Boolean[]) row.getArray("key_nulls_first").getArray();
        List<IndexKey> keys = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            keys.add(new IndexKey(
                    String.valueOf(texts[i]),
                    columns[i],
                    String.valueOf(opclasses[i]),
                    collations[i],
                    descending[i],
                    nullsFirst[i]));
        }
        return keys;
    }

    private static @Nullable String[] strings(Array array) throws SQLException {
        return (String[]) array.getArray();
    }
}
