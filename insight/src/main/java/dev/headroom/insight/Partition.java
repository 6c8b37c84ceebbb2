package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * One partition and the table that it is attached to. A leaf holds rows; one that is no leaf is partitioned again;
 * {@code foreign} ones live on another server and cannot have an index here.
 */
public record Partition(Name table, Name parent, boolean leaf, boolean foreign) {
    public static List<Partition> of(Connection connection, Collection<String> schemas) throws SQLException {
        return Rows.list(
                connection,
                """
                with recursive tree as (
                    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind = 'p' and n.nspname = any (?)
                     union
                    select h.inhrelid from tree join pg_inherits h on h.inhparent = tree.oid
                )
                select n.nspname as schema, c.relname as name, pn.nspname as parent_schema, p.relname as parent_name,
                       c.relkind <> 'p' as leaf, c.relkind = 'f' as foreign_table
                  from tree
                  join pg_class c on c.oid = tree.oid
                  join pg_namespace n on n.oid = c.relnamespace
                  join pg_inherits h on h.inhrelid = c.oid
                  join pg_class p on p.oid = h.inhparent
                  join pg_namespace pn on pn.oid = p.relnamespace
                 where c.relispartition
                 order by pn.nspname, p.relname, n.nspname, c.relname
                """,
                row -> new Partition(
                        new Name(row.getString("schema"), row.getString("name")),
                        new Name(row.getString("parent_schema"), row.getString("parent_name")),
                        row.getBoolean("leaf"),
                        row.getBoolean("foreign_table")),
                schemas);
    }
}
