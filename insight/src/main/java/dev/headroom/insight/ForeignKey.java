package dev.headroom.insight;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key, by its referencing side. {@code parentTable} is the partitioned table that it is inherited from;
 * {@code bytes} and {@code rows} are the referencing table's, the rows being the planner's estimate (negative: never
 * analysed).
 */
public record ForeignKey(
        String name,
        Name table,
        List<String> columns,
        Name referencedTable,
        String onDelete,
        boolean partitioned,
        @Nullable Name parentTable,
        long bytes,
        long rows) {

    public ForeignKey {
        columns = List.copyOf(columns);
    }

    public Optional<Name> inheritedFrom() {
        return Optional.ofNullable(parentTable);
    }

    /**
     * A key towards a partitioned table has a shadow for each partition that it points to; those are left out. A key of a
     * partitioned table has one constraint per partition; those are kept, since each partition needs its own index.
     */
    public static List<ForeignKey> of(Connection connection, Collection<String> schemas) throws SQLException {
        return Rows.list(connection, """
                with locked as (
                    select relation from pg_locks
                     where granted and locktype = 'relation' and mode = 'AccessExclusiveLock'
                       and database = (select oid from pg_database where datname = current_database())
                )
                select f.conname as name, n.nspname as schema, t.relname as table_name,
                       array(select a.attname::text from unnest(f.conkey) with ordinality as k (attnum, place)
                               join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum
                              order by k.place) as columns,
                       rn.nspname as referenced_schema, r.relname as referenced_name,
                       f.confdeltype as on_delete,
                       t.relkind = 'p' as partitioned, pn.nspname as parent_schema, pt.relname as parent_name,
                       case when t.oid in (select relation from locked)
                            then t.relpages::bigint * current_setting('block_size')::bigint
                            else coalesce(pg_relation_size(t.oid), 0) end as bytes,
                       t.reltuples::bigint as row_estimate
                  from pg_constraint f
                  join pg_class t on t.oid = f.conrelid
                  join pg_namespace n on n.oid = t.relnamespace
                  join pg_class r on r.oid = f.confrelid
                  join pg_namespace rn on rn.oid = r.relnamespace
                  left join pg_constraint parent on parent.oid = f.conparentid
                  left join pg_class pt on pt.oid = parent.conrelid
                  left join pg_namespace pn on pn.oid = pt.relnamespace
                 where f.contype = 'f' and n.nspname = any (?) and t.relkind <> 'f'
                   and parent.conrelid is distinct from f.conrelid
                 order by n.nspname, t.relname, f.conname
                """, ForeignKey::foreignKey, schemas);
    }

    private static ForeignKey foreignKey(ResultSet row) throws SQLException {
        return new ForeignKey(
                row.getString("name"),
                new Name(row.getString("schema"), row.getString("table_name")),
                Rows.texts(row, "columns"),
                Objects.requireNonNull(Rows.name(row, "referenced_schema", "referenced_name")),
                action(row.getString("on_delete")),
                row.getBoolean("partitioned"),
                Rows.name(row, "parent_schema", "parent_name"),
                row.getLong("bytes"),
                row.getLong("row_estimate"));
    }

    private static String action(String code) {
        return switch (code) {
            case "r" -> "RESTRICT";
            case "c" -> "CASCADE";
            case "n" -> "SET NULL";
            case "d" -> "SET DEFAULT";
            default -> "NO ACTION";
        };
    }
}
