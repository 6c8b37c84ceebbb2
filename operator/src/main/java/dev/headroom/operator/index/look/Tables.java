package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables of some schemas: what they are, and whether our role may index them. */
final class Tables {
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
            return table + " is a " + (kind.equals("v") ? "view" : "foreign table") + ", which cannot have an index";
        }
        if (!row.getBoolean("owned")) {
            return notOwned(table, Name.quote(row.getString("owner")), role, row.getBoolean("owned_by_superuser"));
        }
        return row.getBoolean("may_create")
                ? null
                : "an index is created in the schema of its table: GRANT CREATE ON SCHEMA " + Name.quote(table.schema())
                        + " TO " + role;
    }

    /** Membership in a superuser is all rights on the server, so it is never what to run. */
    private static String notOwned(Name table, String owner, String role, boolean superuser) {
        String who = "only the owner of " + table + " may index it: ";
        return superuser
                ? who + "it is owned by " + owner + ", which has a superuser's rights, so do not make " + role
                        + " a member. Give the table to a role without them: ALTER TABLE " + table.quoted()
                        + " OWNER TO "
                        + role + ", or to a role that " + role + " is a member of; or have database.credentialsSecret"
                        + " name a role that owns it"
                : who + "GRANT " + owner + " TO " + role;
    }

    private static Name name(ResultSet row) throws SQLException {
        return new Name(row.getString("schema"), row.getString("name"));
    }
}
