package dev.headroom.operator.index;

import dev.headroom.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** SQL as a test writes it: run it, or read one column. */
public final class Sqls {
    private Sqls() {}

    public static void run(TestPostgres.Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect()) {
            run(connection, statements);
        }
    }

    public static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public static List<String> column(TestPostgres.Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    /** The definitions of the valid indexes that are no constraint's, by name. */
    public static List<String> indexes(TestPostgres.Database database) throws SQLException {
        return column(database, """
                select replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON ') from pg_index
                  join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
                 where n.nspname not in ('pg_catalog', 'pg_toast') and indisvalid and not indisprimary
                   and relname not like 'headroom_index_history%'
                   and not exists (select from pg_constraint where conindid = indexrelid)
                 order by relname
                """);
    }

    public static List<String> invalid(TestPostgres.Database database) throws SQLException {
        return column(database, "select indexrelid::regclass::text from pg_index where not indisvalid");
    }
}
