package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.load.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What Flyway's history says was done, read with two statements: most starts need no more than that. */
final class AppliedMigrations {
    private AppliedMigrations() {}

    /** Whether every file was applied, successfully and as it is now. Anything else is for Flyway to judge. */
    static boolean cover(List<MigrationFile> files, Connection connection, String schema, String table)
            throws SQLException {
        String history = TableNames.quote(schema) + "." + TableNames.quote(table);
        if (!exists(connection, history)) {
            return false;
        }
        Map<String, Integer> applied = new HashMap<>();
        String sql = "select version, checksum, success from " + history + " where version is not null";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (!rows.getBoolean("success")) {
                    return false;
                }
                applied.put(rows.getString("version"), rows.getInt("checksum"));
            }
        }
        return files.stream().allMatch(file -> Objects.equals(applied.get(file.version()), file.checksum()));
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
