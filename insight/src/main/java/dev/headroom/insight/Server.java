package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which server answers: its version as {@code server_version_num} has it, and whether it is a standby. */
public record Server(
        int version,
        String versionText,
        boolean inRecovery,
        Instant startedAt,
        @Nullable Instant statsReset) {

    public static Server of(Connection connection) throws SQLException {
        return Rows.one(
                connection,
                """
                select current_setting('server_version_num')::int as version,
                       current_setting('server_version') as version_text,
                       pg_is_in_recovery() as in_recovery, pg_postmaster_start_time() as started_at,
                       (select stats_reset from pg_stat_database where datname = current_database()) as stats_reset
                """,
                row -> new Server(
                        row.getInt("version"),
                        row.getString("version_text"),
                        row.getBoolean("in_recovery"),
                        Objects.requireNonNull(Rows.instant(row, "started_at")),
                        Rows.instant(row, "stats_reset")));
    }

    public int major() {
        return version / 10_000;
    }
}
