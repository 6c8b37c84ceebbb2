package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.service.database.connection.PostgresConnector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Has the tables that our migrations made tell of their changes; those of others are left as they are. */
public final class ChangeNotices {
    private final Set<String> schemas;
    private final Set<String> withoutTrigger;

    /**
     * Does nothing yet.
     *
     * @param catalogs those whose tables we made
     * @param withoutTrigger tables, {@code schema.table}, that must not have the trigger
     */
    public ChangeNotices(List<LoadedCatalog> catalogs, Collection<String> withoutTrigger) {
        this.withoutTrigger = Set.copyOf(withoutTrigger);
        this.schemas = catalogs.stream()
                .filter(catalog -> !MigrationFile.of(catalog.files()).isEmpty())
                .map(catalog -> catalog.tables().schema())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Adds the triggers that are missing, has those of older versions fire for replicated writes as well, and removes those
     * of tables that must not have one. Any number of instances may do so at once.
     *
     * @param tables {@code schema.table}
     * @return those of our own with which that could not be done, each with the reason
     * @throws SQLException when the database cannot be asked
     */
    public Map<String, String> install(Connection connection, Collection<String> tables) throws SQLException {
        List<String> ours = tables.stream().filter(this::isOurs).toList();
        List<String> watched =
                ours.stream().filter(table -> !withoutTrigger.contains(table)).toList();
        List<String> missing = ChangeTriggers.withoutActiveTrigger(connection, watched);
        List<String> silent = ChangeTriggers.silentWhenReplicated(connection, watched);
        List<String> unwanted = ChangeTriggers.withTrigger(
                connection, ours.stream().filter(withoutTrigger::contains).toList());
        Map<String, String> refused = new TreeMap<>();
        if (missing.isEmpty() && silent.isEmpty() && unwanted.isEmpty()) {
            return refused;
        }
        try (SessionLock _ = SessionLock.take(connection, "change-triggers")) {
            each(missing, table -> ChangeTriggers.install(connection, List.of(table)), refused);
            each(missing, table -> ChangeTriggers.enableForReplication(connection, table), refused);
            each(silent, table -> ChangeTriggers.enableForReplication(connection, table), refused);
            each(unwanted, table -> ChangeTriggers.remove(connection, table), refused);
        }
        return refused;
    }

    private interface Change {
        void of(String table) throws SQLException;
    }

    private static void each(List<String> tables, Change change, Map<String, String> refused) {
        for (String table : tables) {
            try {
                change.of(table);
            } catch (SQLException e) {
                refused.put(table, PostgresConnector.messageOf(e));
            }
        }
    }

    /** Whether the settings want this table to have no trigger. */
    public boolean isWithoutTrigger(String table) {
        return withoutTrigger.contains(table);
    }

    public Set<String> withoutTrigger() {
        return withoutTrigger;
    }

    /** Every table in the schemas of our catalogs, for when nobody can tell which of them an endpoint reads. */
    public List<String> ours(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any (?) and c.relkind in ('r', 'p')""")) {
            statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            return tables;
        }
    }

    private boolean isOurs(String table) {
        return schemas.stream().anyMatch(schema -> table.startsWith(schema + '.'));
    }
}
