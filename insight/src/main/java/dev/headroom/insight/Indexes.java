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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of some schemas or tables. Having the server print a definition takes it far longer than finding the index, so what
 * is known of an earlier look is not asked again: an index whose catalog rows, and those of its table and columns, have the same
 * versions has the same definition (decision 0147). Its size and scans are those of that look.
 */
public final class Indexes {
    private static final String CHOSEN = """
                with chosen as materialized (
                    select i.indexrelid, i.indrelid from pg_index i join pg_class t on t.oid = i.indrelid
                      join pg_namespace n on n.oid = t.relnamespace
                     where %s
                ), columns as (     -- the sum grows with each change of a column
                    select a.attrelid, sum(a.xmin::text::bigint) as version from pg_attribute a
                     where a.attrelid in (select indrelid from chosen) group by a.attrelid
                )
                """;
    private static final String FROM_CHOSEN = """
                  from chosen
                  join pg_index i on i.indexrelid = chosen.indexrelid
                  left join columns on columns.attrelid = i.indrelid
                  join pg_class c on c.oid = i.indexrelid
                  join pg_class t on t.oid = i.indrelid
                  join pg_namespace n on n.oid = t.relnamespace
                  left join pg_description d on d.objoid = i.indexrelid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
                  left join pg_inherits h on h.inhrelid = i.indexrelid
                """;
    private static final String VERSION = "hashtextextended("
            + "row (i.indexrelid, i.xmin, c.xmin, t.xmin, n.xmin, columns.version, d.xmin, h.xmin)::text, 0)";

    private static final String ALL = CHOSEN + """
                , changing as (  -- indexes under a concurrent build; of a build that is not shown, all of the table it has locked
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
                       a.amname as method, v.*, k.*, c.reloptions as storage_parameters,
                       i.indisunique, i.indisprimary, not i.indimmediate as deferrable,
                       exists (select from pg_constraint f where f.conindid = i.indexrelid and f.contype = 'f')
                         as referenced,
                       con.conname as constraint_name, i.indisreplident, i.indisclustered,
                       i.indisvalid, i.indisready, i.indislive,
                       i.indexrelid in (select index_oid from changing where index_oid is not null)
                         or i.indrelid in (select table_oid from changing where index_oid is null)
                         or i.indexrelid in (select index_oid from swapping) as changing,
                       c.relkind = 'I' as partitioned, pn.nspname as parent_schema, pc.relname as parent_name,
                       d.description as comment
                """ + FROM_CHOSEN + """
                  join pg_am a on a.oid = c.relam
                  left join pg_constraint con on con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x')
                  left join pg_class pc on pc.oid = h.inhparent
                  left join pg_namespace pn on pn.oid = pc.relnamespace
                 cross join lateral (
                    select version, version in (select unnest(?::bigint[])) as known
                      from (select %s as version) _
                 ) v
                  left join lateral (    -- not for one that is known
                    select case when i.indexrelid in (select relation from locked)
                                then c.relpages::bigint * current_setting('block_size')::bigint
                                else coalesce(pg_relation_size(i.indexrelid), 0) end as bytes,
                           coalesce(pg_stat_get_numscans(i.indexrelid), 0) as scans,
                           pg_get_indexdef(i.indexrelid) as definition, pg_get_expr(i.indpred, i.indrelid) as predicate,
                           coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
                           array(select m.attname::text from pg_attribute m
                                  where m.attrelid = i.indexrelid and m.attnum > i.indnkeyatts order by m.attnum) as include,
                           array_agg(pg_get_indexdef(i.indexrelid, p, false) order by p) as key_texts,
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
                     where not v.known
                     group by v.known
                 ) k on true
                 order by n.nspname, t.relname, c.relname
                """;
    private static final String OF_SCHEMAS = ALL.formatted("n.nspname = any (?)", VERSION);
    private static final String ON_TABLES = "(n.nspname, t.relname) in (select * from unnest(?::text[], ?::text[]))";
    private static final String OF_TABLES = ALL.formatted(ON_TABLES, VERSION);
    private static final String NAMED = ALL.formatted("""
                 i.indexrelid in (
                    select o.oid from pg_class o join pg_namespace s on s.oid = o.relnamespace
                     where (s.nspname, o.relname) in (select * from unnest(?::text[], ?::text[])))
                """, VERSION);
    private static final String FINGERPRINT =
            CHOSEN.formatted(ON_TABLES) + "select coalesce(bit_xor(" + VERSION + "), 0) " + FROM_CHOSEN;

    private static final String INTERNAL_ERROR = "XX000";
    private static final int TRIES = 5;

    private Indexes() {}

    /** Printing a definition waits for whoever has locked its table whole: set a lock_timeout where that matters. */
    public static List<Index> of(Connection connection, Collection<String> schemas) throws SQLException {
        return of(connection, schemas, List.of());
    }

    /**
     * Reads only what changed.
     *
     * @param known what an earlier look at the same server found of them, not long ago
     */
    public static List<Index> of(Connection connection, Collection<String> schemas, Collection<Index> known)
            throws SQLException {
        return read(connection, OF_SCHEMAS, known, schemas);
    }

    public static List<Index> onTables(Connection connection, Set<Name> tables, Collection<Index> known)
            throws SQLException {
        return read(connection, OF_TABLES, known, schemas(tables), names(tables));
    }

    public static List<Index> named(Connection connection, Set<Name> indexes) throws SQLException {
        return read(connection, NAMED, List.of(), schemas(indexes), names(indexes));
    }

    /** One number for the versions of all indexes on some tables, computed by the server as {@link #fingerprint(Stream)} does it. */
    public static long fingerprint(Connection connection, Set<Name> tables) throws SQLException {
        return Rows.one(connection, FINGERPRINT, row -> row.getLong(1), schemas(tables), names(tables));
    }

    public static long fingerprint(Stream<Index> indexes) {
        return indexes.mapToLong(Index::version).reduce(0, (one, other) -> one ^ other);
    }

    private static List<String> schemas(Set<Name> names) {
        return names.stream().map(Name::schema).toList();
    }

    private static List<String> names(Set<Name> names) {
        return names.stream().map(Name::name).toList();
    }

    /** The server prints definitions as of now: it fails on an index that somebody drops while the statement runs. */
    private static List<Index> read(Connection connection, String sql, Collection<Index> known, Object... where)
            throws SQLException {
        Map<Long, Index> byVersion = new HashMap<>();
        known.forEach(index -> byVersion.put(index.version(), index));
        List<Object> parameters = new ArrayList<>(List.of(where));
        parameters.add(byVersion.keySet().stream().map(String::valueOf).toList());
        for (int tries = 1; ; tries++) {
            try {
                return Rows.list(connection, sql, row -> index(row, byVersion), parameters.toArray());
            } catch (SQLException e) {
                if (!INTERNAL_ERROR.equals(e.getSQLState()) || tries == TRIES || !connection.getAutoCommit()) {
                    throw e;
                }
            }
        }
    }

    private static Index index(ResultSet row, Map<Long, Index> known) throws SQLException {
        long version = row.getLong("version");
        Index before = row.getBoolean("known") ? known.get(version) : null;
        String schema = row.getString("schema");
        Index fresh = new Index(
                row.getLong("oid"),
                new Name(schema, row.getString("name")),
                new Name(schema, row.getString("table_name")),
                before == null ? shape(row) : before.shape(),
                new IndexRole(
                        row.getBoolean("indisunique"),
                        before == null
                                ? row.getBoolean("nulls_not_distinct")
                                : before.role().nullsNotDistinct(),
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
                before == null ? row.getString("definition") : before.definition(),
                before == null ? row.getLong("bytes") : before.bytes(),
                before == null ? row.getLong("scans") : before.scans(),
                row.getString("comment"),
                version);
        return before != null && before.equals(fresh) ? before : fresh;
    }

    private static IndexShape shape(ResultSet row) throws SQLException {
        return new IndexShape(
                row.getString("method"),
                keys(row),
                Rows.texts(row, "include"),
                row.getString("predicate"),
                Rows.texts(row, "storage_parameters"));
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
