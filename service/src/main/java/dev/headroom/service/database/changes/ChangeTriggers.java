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
 * The triggers that notify of changes of a table: {@code headroom_changed} once per statement, at commit, with the
 * transaction's number, so that equal notices of one transaction are one; {@code headroom_replicated} for rows that logical
 * replication writes, which fires no triggers of statements. Both fire while {@code session_replication_role} is replica:
 * docs/decisions/0105. docs/change-triggers.sql adds the same by hand, for databases that we do not own.
 */
public final class ChangeTriggers {
    private static final String HAS_ONE = "exists (select from own where tgname = 'headroom_changed')";

    private static final String HAS_ACTIVE =
            "exists (select from own where tgname = 'headroom_changed' and tgenabled in ('O', 'A'))";

    /** {@code O}: fires for writes of clients alone. */
    private static final String SILENT_WHEN_REPLICATED = "(" + HAS_ACTIVE + """
             and (exists (select from own where tgname = 'headroom_changed' and tgenabled = 'O')
                  or c.relkind = 'r'
                     and not exists (select from own where tgname = 'headroom_replicated' and tgenabled <> 'O')))""";

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
        for (Table missing : where(connection, tables, "not " + HAS_ONE)) {
            execute(connection, """
                    create or replace function %1$s.headroom_changed() returns trigger language plpgsql as $$
                    begin
                      perform pg_notify('headroom', tg_table_schema || '.' || tg_table_name || ' ' || pg_current_xact_id());
                      return null;
                    end $$;
                    create or replace trigger headroom_changed after insert or update or delete or truncate on %2$s
                    for each statement execute function %1$s.headroom_changed()""".formatted(missing.schema(), missing.quoted()));
            installed.add(missing.name());
            notifyOnce(connection, missing.name());
        }
        return installed;
    }

    /**
     * Has the trigger of a table fire for replicated writes too, where that was never done or was undone by
     * {@code enable trigger all}. Needs the table's owner.
     */
    public static void enableForReplication(Connection connection, String table) throws SQLException {
        for (Table silent : where(connection, List.of(table), SILENT_WHEN_REPLICATED)) {
            String always = "alter table %s enable always trigger headroom_changed".formatted(silent.quoted());
            String rows = """
                    ; create or replace trigger headroom_replicated after insert or update or delete on %2$s
                    for each row execute function %1$s.headroom_changed();
                    alter table %2$s enable replica trigger headroom_replicated""".formatted(silent.schema(), silent.quoted());
            // A partitioned table has no rows of its own, and its partitions get triggers by themselves.
            execute(connection, silent.partitioned() ? always : always + rows);
            notifyOnce(connection, silent.name());
        }
    }

    /** Takes the triggers away. Needs the table's owner. */
    public static void remove(Connection connection, String table) throws SQLException {
        for (Table told : where(connection, List.of(table), HAS_ONE)) {
            execute(
                    connection,
                    "drop trigger if exists headroom_replicated on %1$s; drop trigger if exists headroom_changed on %1$s"
                            .formatted(told.quoted()));
        }
    }

    /** All or nothing: several statements sent at once are one transaction. */
    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '1s'");
            statement.execute(sql);
        }
    }

    /** Changes made while the trigger was missing were not notified, so the table counts as changed once. */
    private static void notifyOnce(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_notify('headroom', ? || ' ' || pg_current_xact_id())")) {
            statement.setString(1, table);
            statement.execute();
        }
    }

    /** The tables among these whose changes are not notified: they have no trigger, or somebody has disabled it. */
    public static List<String> withoutActiveTrigger(Connection connection, Collection<String> tables)
            throws SQLException {
        return names(connection, tables, "not " + HAS_ACTIVE);
    }

    /** The tables among these that have the trigger, whether or not it fires. */
    public static List<String> withTrigger(Connection connection, Collection<String> tables) throws SQLException {
        return names(connection, tables, HAS_ONE);
    }

    /** The tables among these whose changes are notified, but not the replicated ones. */
    public static List<String> silentWhenReplicated(Connection connection, Collection<String> tables)
            throws SQLException {
        return names(connection, tables, SILENT_WHEN_REPLICATED);
    }

    /**
     * Whether transactions can be prepared on this server. One that changed a table with this trigger cannot be:
     * PREPARE TRANSACTION refuses what has notified.
     */
    public static boolean canPrepareTransactions(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select current_setting('max_prepared_transactions')::int > 0")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** @param name {@code schema.table} */
    private record Table(String name, String schema, String quoted, boolean partitioned) {}

    private static List<String> names(Connection connection, Collection<String> tables, String condition)
            throws SQLException {
        return where(connection, tables, condition).stream().map(Table::name).toList();
    }

    /** @param condition one of those above, on the table's own triggers */
    private static List<Table> where(Connection connection, Collection<String> tables, String condition)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select n.nspname || '.' || c.relname, quote_ident(n.nspname),
                       quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind = 'p'
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname || '.' || c.relname = any (?) and c.relkind in ('r', 'p')
                   and (with own as (select tgname, tgenabled from pg_trigger where tgrelid = c.oid) select %s)
                 order by 1""".formatted(condition))) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            List<Table> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Table(rows.getString(1), rows.getString(2), rows.getString(3), rows.getBoolean(4)));
                }
            }
            return found;
        }
    }
}
