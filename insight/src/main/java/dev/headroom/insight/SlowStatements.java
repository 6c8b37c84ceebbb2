package dev.headroom.insight;

import static dev.headroom.insight.Name.quote;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pg_stat_statements says of this database; or, where it cannot be asked, why and how to get it. */
public sealed interface SlowStatements {
    record Available(List<Statement> statements) implements SlowStatements {
        public Available {
            statements = List.copyOf(statements);
        }
    }

    record NotAvailable(String reason, String howToGetIt) implements SlowStatements {}

    /** A normalised statement; {@code query} is hidden from roles without {@code pg_read_all_stats}. */
    record Statement(
            @Nullable String query,
            long calls,
            Duration total,
            Duration mean,
            Duration longest,
            long rows,
            double hitShare) {}

    /** The oldest version whose columns are those of today. */
    String OLDEST = "1.8";

    static SlowStatements byTotalTime(Connection connection, int limit) throws SQLException {
        Optional<NotAvailable> missing = missing(connection);
        if (missing.isPresent()) {
            return missing.get();
        }
        String schema = Rows.one(
                connection,
                "select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_stat_statements'",
                row -> row.getString("schema"));
        return new Available(Rows.list(
                connection,
                """
                select query, calls, rows, total_exec_time / 1000 as total, mean_exec_time / 1000 as mean,
                       max_exec_time / 1000 as longest,
                       coalesce(shared_blks_hit::float8 / nullif(shared_blks_hit + shared_blks_read, 0), 1) as hit_share
                  from %s.pg_stat_statements
                 where dbid = (select oid from pg_database where datname = current_database())
                 order by total_exec_time desc
                 limit ?
                """.formatted(schema),
                row -> new Statement(
                        row.getString("query"),
                        row.getLong("calls"),
                        duration(row.getDouble("total")),
                        duration(row.getDouble("mean")),
                        duration(row.getDouble("longest")),
                        row.getLong("rows"),
                        row.getDouble("hit_share")),
                limit));
    }

    private static Optional<NotAvailable> missing(Connection connection) throws SQLException {
        return Rows.one(
                connection,
                """
                select e.installed_version, current_database() as database,
                       string_to_array(e.installed_version, '.')::int[] < array[1, 8] as outdated,
                       e.name is not null as shipped,
                       exists (select from pg_settings where name = 'pg_stat_statements.max') as loaded
                  from (select 1) one
                  left join pg_available_extensions e on e.name = 'pg_stat_statements'
                """,
                row -> missing(
                        row.getBoolean("shipped"),
                        row.getBoolean("loaded"),
                        row.getString("installed_version"),
                        row.getBoolean("outdated"),
                        row.getString("database")));
    }

    private static Optional<NotAvailable> missing(
            boolean shipped, boolean loaded, @Nullable String version, boolean outdated, String database) {
        if (!shipped) {
            return Optional.of(new NotAvailable(
                    "the server does not have the extension pg_stat_statements",
                    "install PostgreSQL's contrib package on the server"));
        }
        if (version == null) {
            return Optional.of(new NotAvailable(
                    "the extension pg_stat_statements is not created in " + database,
                    (loaded ? "" : "add pg_stat_statements to shared_preload_libraries, restart, then: ")
                            + "CREATE EXTENSION pg_stat_statements; -- in " + quote(database)));
        }
        if (outdated) {
            return Optional.of(new NotAvailable(
                    "the extension pg_stat_statements is at version " + version + ", before " + OLDEST,
                    "ALTER EXTENSION pg_stat_statements UPDATE;"));
        }
        return loaded
                ? Optional.empty()
                : Optional.of(new NotAvailable(
                        "the library pg_stat_statements is not loaded",
                        "add pg_stat_statements to shared_preload_libraries and restart the server"));
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
