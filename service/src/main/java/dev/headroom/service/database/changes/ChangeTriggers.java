package dev.headroom.service.database.changes;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The trigger by which a table tells of its changes: once per statement, at commit, with the transaction's number, so that
 * equal notices of one transaction are one. docs/change-triggers.sql does the same by hand, for databases that we do not own.
 */
public final class ChangeTriggers {
    private static final String NAME = "headroom_changed";

    private ChangeTriggers() {}

    /**
     * Adds the trigger where it is missing, and nowhere else: adding one waits for the writers of the table. Then the table
     * counts as changed.
     *
     * @param tables {@code schema.table}
     * @return those that got it now
     */
    public static List<String> install(Connection connection, Collection<String> tables) throws SQLException {
        List<String> installed = new ArrayList<>();
        for (Missing missing : missing(connection, tables, "ODAR")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set lock_timeout = '1s'");
                statement.execute("""
                        create or replace function %1$s.headroom_changed() returns trigger language plpgsql as $$
                        begin
                          perform pg_notify('headroom', tg_table_schema || '.' || tg_table_name || ' ' || pg_current_xact_id());
                          return null;
                        end $$""".formatted(missing.schema()));
                statement.execute("""
                        create or replace trigger headroom_changed
                        after insert or update or delete or truncate on %2$s
                        for each statement execute function %1$s.headroom_changed()""".formatted(missing.schema(), missing.quoted()));
                installed.add(missing.table());
            }
            tell(connection, missing.table());
        }
        return installed;
    }

    /** What was changed while there was none, nobody heard; one that somebody dropped is added again while many listen. */
    private static void tell(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_notify('headroom', ? || ' ' || pg_current_xact_id())")) {
            statement.setString(1, table);
            statement.execute();
        }
    }

    /** The tables among these that do not tell of their changes, also because somebody has disabled their trigger. */
    public static List<String> untold(Connection connection, Collection<String> tables) throws SQLException {
        return missing(connection, tables, "OA").stream().map(Missing::table).toList();
    }

    private record Missing(String table, String schema, String quoted) {}

    /** @param enabled what a trigger may be to count as there, in the letters of {@code pg_trigger.tgenabled} */
    private static List<Missing> missing(Connection connection, Collection<String> tables, String enabled)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select n.nspname || '.' || c.relname, quote_ident(n.nspname), quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname || '.' || c.relname = any (?) and c.relkind in ('r', 'p')
                   and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = ? and strpos(?, t.tgenabled::text) > 0)
                 order by 1""")) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            statement.setString(2, NAME);
            statement.setString(3, enabled);
            List<Missing> missing = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    missing.add(new Missing(rows.getString(1), rows.getString(2), rows.getString(3)));
                }
            }
            return missing;
        }
    }
}
