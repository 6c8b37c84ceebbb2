package dev.headroom.service.catalog.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The foreign keys of some empty tables, put aside while these are filled and added again afterwards, in the same
 * transaction: one join checks all rows at once, where a trigger per row takes many times as long.
 */
record ForeignKeys(List<ForeignKey> keys) {

    /** A constraint, and the statement that adds it. */
    record ForeignKey(String table, String name, String definition) {}

    /** @param tables qualified and quoted */
    static ForeignKeys of(Connection connection, Collection<String> tables) throws SQLException {
        String sql = """
                select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
                from pg_constraint
                where contype = 'f' and conparentid = 0 and conrelid = any (?::regclass[])
                order by 1, 2
                """;
        List<ForeignKey> keys = new ArrayList<>();
        Array names = connection.createArrayOf("text", tables.toArray());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, names);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(new ForeignKey(rows.getString(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        return new ForeignKeys(keys);
    }

    void drop(Statement statement) throws SQLException {
        for (ForeignKey key : keys) {
            statement.execute("alter table " + key.table() + " drop constraint " + key.name());
        }
    }

    void add(Statement statement) throws SQLException {
        for (ForeignKey key : keys) {
            statement.execute("alter table " + key.table() + " add constraint " + key.name() + " " + key.definition());
        }
    }
}
