package dev.headroom.insight;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one statement and reads its rows; the nullable column types that JDBC makes awkward are read here. */
public final class Rows {
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Rows() {}

    public static <T> List<T> list(Connection connection, String sql, Reader<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, bindable(connection, parameters[i]));
            }
            List<T> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return List.copyOf(found);
        }
    }

    public static <T> T one(Connection connection, String sql, Reader<T> reader, Object... parameters)
            throws SQLException {
        return list(connection, sql, reader, parameters).stream()
                .findFirst()
                .orElseThrow(() -> new SQLException("no row from: " + sql));
    }

    /** Runs a statement as it stands: a question mark in it is an operator of jsonb, a brace no JDBC escape. */
    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static @Nullable Name name(ResultSet row, String schema, String name) throws SQLException {
        String found = row.getString(name);
        return found == null ? null : new Name(row.getString(schema), found);
    }

    private static Object bindable(Connection connection, Object parameter) throws SQLException {
        return parameter instanceof Collection<?> texts
                ? connection.createArrayOf("text", Arrays.copyOf(texts.toArray(), texts.size(), String[].class))
                : parameter;
    }
}
