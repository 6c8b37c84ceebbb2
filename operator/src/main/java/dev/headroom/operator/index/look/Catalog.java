package dev.headroom.operator.index.look;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Rows;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look reads of a database, whichever resource it is for. It does not change, so several looks may share it.
 *
 * @param otherRelations names that an index cannot have, with what has them
 * @param elsewhere the marked indexes outside of the schemas that were read
 * @param builds how far builds are, by the index's oid
 */
public record Catalog(
        Set<String> schemas,
        ServerFacts server,
        Structure structure,
        Map<Name, TableFacts> tables,
        Map<Name, String> otherRelations,
        Map<Name, Mark> elsewhere,
        UsageSnapshot usage,
        Map<Long, BuildProgress> builds) {

    static Catalog read(Connection connection, Set<String> schemas) throws SQLException {
        Session.forLooking(connection);
        return read(connection, schemas, ServerFacts.read(connection), List.of(), null);
    }

    /** As it is now, a moment later. A server that is another one, or was started anew, is read as a whole. */
    Catalog again(Connection connection) throws SQLException {
        Session.forLooking(connection);
        ServerFacts now = ServerFacts.read(connection);
        return now.equals(server)
                ? read(connection, schemas, now, structure.indexes(), usage)
                : read(connection, schemas, now, List.of(), null);
    }

    /** Of a server that is refused nothing but the facts are read: its catalogs may be others. */
    private static Catalog read(
            Connection connection,
            Set<String> schemas,
            ServerFacts server,
            List<Index> known,
            @Nullable UsageSnapshot usage)
            throws SQLException {
        return server.refusal().isPresent()
                ? new Catalog(
                        schemas,
                        server,
                        new Structure(List.of(), List.of(), List.of()),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        new UsageSnapshot(Instant.EPOCH, null, Map.of()),
                        Map.of())
                : new Catalog(
                        schemas,
                        server,
                        Structure.of(connection, schemas, known),
                        Tables.of(connection, schemas),
                        Tables.otherRelations(connection, schemas),
                        marks(connection, schemas),
                        usage == null ? UsageSnapshot.of(connection, schemas) : usage,
                        BuildProgress.all(connection));
    }

    /** The indexes with a mark, in whatever state, outside of these schemas. */
    public static Map<Name, Mark> marks(Connection connection, Collection<String> outside) throws SQLException {
        Map<Name, Mark> marks = new LinkedHashMap<>();
        Rows.list(
                        connection,
                        """
                        select n.nspname, c.relname, d.description
                          from pg_description d
                          join pg_class c on c.oid = d.objoid and c.relkind in ('i', 'I')
                          join pg_namespace n on n.oid = c.relnamespace
                         where d.classoid = 'pg_class'::regclass and d.objsubid = 0
                           and starts_with(d.description, ?) and n.nspname <> all (?)
                         order by 1, 2
                        """,
                        row -> Map.entry(new Name(row.getString(1), row.getString(2)), row.getString(3)),
                        Mark.PREFIX,
                        List.copyOf(outside))
                .forEach(each -> Mark.read(each.getValue()).ifPresent(mark -> marks.put(each.getKey(), mark)));
        return marks;
    }

    DatabaseState state() {
        return new DatabaseState(
                tables, structure.indexes(), new PartitionTree(structure.partitions()), otherRelations);
    }

    /** The tables of some schemas: what they are, and whether our role may index them. */
    static final class Tables {
        private Tables() {}

        private static final String FACTS = """
                select n.nspname as schema, c.relname as name, c.relkind::text as kind,
                       pg_get_userbyid(c.relowner) as owner, current_user::text as role,
                       pg_has_role(c.relowner, 'USAGE') as owned,
                       exists (select from pg_roles r where r.rolsuper and pg_has_role(c.relowner, r.oid, 'MEMBER'))
                         as owned_by_superuser,
                       has_schema_privilege(n.oid, 'CREATE') as may_create,
                       (select md5(string_agg(concat_ws(' ', a.attname, a.atttypid, a.atttypmod, a.attcollation), ','
                                              order by a.attnum))
                          from pg_attribute a
                         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
                       (select array_agg(coalesce(a.attname::text, '%s') order by k.at)
                          from pg_partitioned_table p
                         cross join lateral unnest(p.partattrs::int2[]) with ordinality k (attnum, at)
                          left join pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attnum and k.attnum <> 0
                         where p.partrelid = c.oid) as partition_key,
                       c.relfilenode::bigint + pg_stat_get_tuples_updated(c.oid)
                         + pg_stat_get_tuples_deleted(c.oid) as changes
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p', 'm', 'v', 'f') and n.nspname = any (?)
                """.formatted(TableFacts.EXPRESSION);

        private static final String OTHERS = """
                select n.nspname as schema, c.relname as name,
                       case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'c' then 'type'
                                      when 'm' then 'materialized view' else 'table' end as kind
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind not in ('i', 'I') and n.nspname = any (?)
                """;

        /** All tables of some schemas. */
        static Map<Name, TableFacts> of(Connection connection, Collection<String> schemas) throws SQLException {
            Map<Name, TableFacts> tables = new LinkedHashMap<>();
            Rows.list(connection, FACTS, Tables::facts, List.copyOf(schemas))
                    .forEach(facts -> tables.put(facts.name(), facts));
            return tables;
        }

        /** Of these tables those that are still there. */
        static List<TableFacts> of(Connection connection, Set<Name> tables) throws SQLException {
            return Rows.list(
                            connection,
                            FACTS + " and c.relname = any (?)",
                            Tables::facts,
                            tables.stream().map(Name::schema).distinct().toList(),
                            tables.stream().map(Name::name).toList())
                    .stream()
                    .filter(facts -> tables.contains(facts.name()))
                    .toList();
        }

        /** The names in some schemas that an index cannot have because something else has them, with what that is. */
        static Map<Name, String> otherRelations(Connection connection, Collection<String> schemas) throws SQLException {
            return otherRelations(connection, OTHERS, List.copyOf(schemas));
        }

        static Map<Name, String> otherRelations(Connection connection, Set<Name> names) throws SQLException {
            Map<Name, String> others = otherRelations(
                    connection,
                    OTHERS + " and c.relname = any (?)",
                    names.stream().map(Name::schema).distinct().toList(),
                    names.stream().map(Name::name).toList());
            others.keySet().retainAll(names);
            return others;
        }

        private static Map<Name, String> otherRelations(Connection connection, String sql, Object... parameters)
                throws SQLException {
            Map<Name, String> others = new LinkedHashMap<>();
            Rows.list(connection, sql, row -> Map.entry(name(row), row.getString("kind")), parameters)
                    .forEach(other -> others.put(other.getKey(), other.getValue()));
            return others;
        }

        private static TableFacts facts(ResultSet row) throws SQLException {
            String kind = row.getString("kind");
            return new TableFacts(
                    name(row),
                    partitionKey(row),
                    String.valueOf(row.getString("columns")),
                    row.getLong("changes"),
                    obstacle(row, kind));
        }

        private static List<String> partitionKey(ResultSet row) throws SQLException {
            Array columns = row.getArray("partition_key");
            return columns == null ? List.of() : List.of((String[]) columns.getArray());
        }

        private static @Nullable String obstacle(ResultSet row, String kind) throws SQLException {
            Name table = name(row);
            String role = Name.quote(row.getString("role"));
            if (kind.equals("v") || kind.equals("f")) {
                return table + " is a " + (kind.equals("v") ? "view" : "foreign table")
                        + ", which cannot have an index";
            }
            if (!row.getBoolean("owned")) {
                return notOwned(table, Name.quote(row.getString("owner")), role, row.getBoolean("owned_by_superuser"));
            }
            return row.getBoolean("may_create")
                    ? null
                    : "an index is created in the schema of its table: GRANT CREATE ON SCHEMA "
                            + Name.quote(table.schema()) + " TO " + role;
        }

        /** Membership in a superuser is all rights on the server, so it is never what to run. */
        private static String notOwned(Name table, String owner, String role, boolean superuser) {
            String who = "only the owner of " + table + " may index it: ";
            return superuser
                    ? who + "it is owned by " + owner + ", which has a superuser's rights, so do not make " + role
                            + " a member. Give the table to a role without them: ALTER TABLE " + table.quoted()
                            + " OWNER TO "
                            + role + ", or to a role that " + role
                            + " is a member of; or have database.credentialsSecretRef"
                            + " name a role that owns it"
                    : who + "GRANT " + owner + " TO " + role;
        }

        private static Name name(ResultSet row) throws SQLException {
            return new Name(row.getString("schema"), row.getString("name"));
        }
    }
}
