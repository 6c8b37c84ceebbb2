package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.logging.Counted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Fills a catalog's empty tables from its {@code sample/*.sql}, in the order of the files' names and in one transaction:
 * all of it or nothing. A statement's parameters are the tables of {@code sample} in catalog.yaml, each the number of
 * rows at the scale asked for.
 */
public final class SampleData {
    private final DataSource direct;

    public SampleData(DataSource direct) {
        this.direct = direct;
    }

    /** What was done, in words for the person who asked. */
    public sealed interface Outcome {
        String text();
    }

    /** The rows of each table, and how long it took. */
    public record Loaded(String catalog, Map<String, Long> rows, Duration took) implements Outcome {
        @Override
        public String text() {
            long total = rows.values().stream().mapToLong(Long::longValue).sum();
            return "catalog %s: %s in %.1f s %s"
                    .formatted(catalog, new Counted(total, "sample row"), took.toMillis() / 1000.0, rows);
        }
    }

    /** Nothing was changed. */
    public record Refused(String catalog, String reason) implements Outcome {
        @Override
        public String text() {
            return "catalog " + catalog + ": no sample data loaded, " + reason;
        }
    }

    /** Nothing was changed, because somebody, or an earlier run, has filled the tables. */
    public record HoldsRows(String catalog, String table) implements Outcome {
        @Override
        public String text() {
            return "catalog " + catalog + ": no sample data loaded, because table " + table
                    + " already holds rows: truncate it first";
        }
    }

    /** Loads one catalog's sample data, unless a table already holds rows. */
    public Outcome load(LoadedCatalog catalog, SampleOptions options) throws SQLException {
        String name = catalog.catalog().name();
        List<SqlTemplate> statements = catalog.sample().statements();
        if (statements.isEmpty()) {
            return new Refused(name, "because it has none");
        }
        long start = System.nanoTime();
        Map<String, String> tables = new LinkedHashMap<>();
        catalog.sample()
                .rows()
                .keySet()
                .forEach(table -> tables.put(table, catalog.tables().qualified(table)));
        try (Connection connection = direct.getConnection();
                SessionLock _ = SessionLock.take(
                        connection, "sample:" + catalog.tables().schema())) {
            for (Map.Entry<String, String> table : tables.entrySet()) {
                if (holdsRows(connection, table.getValue())) {
                    return new HoldsRows(name, table.getValue());
                }
            }
            connection.setAutoCommit(false);
            Map<String, Long> rows = fill(connection, catalog, statements, options, tables);
            connection.commit();
            connection.setAutoCommit(true);
            vacuum(connection, tables);
            return new Loaded(name, rows, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static Map<String, Long> fill(
            Connection connection,
            LoadedCatalog catalog,
            List<SqlTemplate> statements,
            SampleOptions options,
            Map<String, String> tables)
            throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute("set local synchronous_commit = off");
            SampleFunctions.create(connection, options);
            ForeignKeys keys = ForeignKeys.of(connection, tables.values());
            keys.drop(plain);
            for (SqlTemplate statement : statements) {
                run(connection, statement.text(), catalog.sample().rows(), options);
            }
            keys.add(plain);
            plain.execute(
                    "drop function pg_temp.uniform, pg_temp.pick, pg_temp.hot, pg_temp.key, pg_temp.moment, pg_temp.later,"
                            + " pg_temp.folder");
            Map<String, Long> rows = new LinkedHashMap<>();
            for (Map.Entry<String, String> table : tables.entrySet()) {
                rows.put(table.getKey(), count(plain, table.getValue()));
            }
            return rows;
        }
    }

    private static void run(Connection connection, SqlText text, Map<String, Long> atScaleOne, SampleOptions options)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text.sql())) {
            int index = 1;
            for (String parameter : text.parameters()) {
                statement.setLong(index++, options.rows(atScaleOne.getOrDefault(parameter, 0L)));
            }
            statement.execute();
        } catch (SQLException failed) {
            throw new SQLException(text.placeOf(0) + ": " + failed.getMessage(), failed.getSQLState(), failed);
        }
    }

    /** Statistics for the planner, and a visibility map for index-only scans: without them the first minutes mislead. */
    private static void vacuum(Connection connection, Map<String, String> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("vacuum (analyze) " + String.join(", ", tables.values()));
        }
    }

    private static boolean holdsRows(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select exists (select from " + table + ")")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
