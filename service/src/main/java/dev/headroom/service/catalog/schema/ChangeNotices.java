package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.database.changes.ChangeTriggers;
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

    /** @param catalogs those whose tables we made */
    public ChangeNotices(List<LoadedCatalog> catalogs) {
        this.schemas = catalogs.stream()
                .filter(catalog -> !MigrationFile.of(catalog.files()).isEmpty())
                .map(catalog -> catalog.tables().schema())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Adds the triggers that are missing. Any number of instances may do so at once.
     *
     * @param tables {@code schema.table}
     * @return those of our own that still do not tell, each with the reason
     * @throws SQLException when the database cannot be asked
     */
    public Map<String, String> install(Connection connection, Collection<String> tables) throws SQLException {
        List<String> missing = ChangeTriggers.untold(
                connection, tables.stream().filter(this::isOurs).toList());
        Map<String, String> refused = new TreeMap<>();
        if (missing.isEmpty()) {
            return refused;
        }
        try (SessionLock _ = SessionLock.take(connection, "change-triggers")) {
            for (String table : missing) {
                try {
                    ChangeTriggers.install(connection, List.of(table));
                } catch (SQLException e) {
                    refused.put(table, String.valueOf(e.getMessage()));
                }
            }
        }
        return refused;
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
