package dev.headroom.insight;

import static dev.headroom.insight.Name.quote;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the connected role may see and do, and the GRANT for what it may not. */
public record Rights(String role, boolean superuser, boolean seesOthers, List<Name> foreignTables) {
    public Rights {
        foreignTables = List.copyOf(foreignTables);
    }

    /** {@code foreignTables} are the tables of these schemas that the role may not put an index on. */
    public static Rights of(Connection connection, Collection<String> schemas) throws SQLException {
        List<Name> notOwned =
                Rows.list(connection, """
                select n.nspname as schema, c.relname as name
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p', 'm') and n.nspname = any (?)
                   and not pg_has_role(current_user, c.relowner, 'USAGE')
                 order by 1, 2
                """, row -> new Name(row.getString("schema"), row.getString("name")), schemas);
        return Rows.one(
                connection,
                """
                select current_user as role, rolsuper, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') as sees_others
                  from pg_roles where rolname = current_user
                """,
                row -> new Rights(
                        row.getString("role"), row.getBoolean("rolsuper"), row.getBoolean("sees_others"), notOwned));
    }

    /** Without it, what other roles' sessions run, wait for and hold back stays hidden. */
    public Optional<String> grantToSeeOthers() {
        return seesOthers ? Optional.empty() : Optional.of("GRANT pg_monitor TO " + quote(role) + ";");
    }
}
