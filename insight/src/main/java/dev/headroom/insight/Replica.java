package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A standby or subscriber connected to this server, and how far it is behind. Both lags are null where the role may not see
 * them; {@code replayLag} is null too on a standby that has caught up and is idle.
 */
public record Replica(
        int pid,
        @Nullable String name,
        @Nullable String state,
        @Nullable String syncState,
        @Nullable Long bytesBehind,
        @Nullable Duration replayLag) {

    public static List<Replica> of(Connection connection) throws SQLException {
        return Rows.list(
                connection,
                """
                select pid, application_name, state, sync_state,
                       pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn()
                                            else pg_current_wal_lsn() end, replay_lsn)::bigint as bytes_behind,
                       extract(epoch from replay_lag) as replay_lag
                  from pg_stat_replication
                 order by application_name, pid
                """,
                row -> new Replica(
                        row.getInt("pid"),
                        row.getString("application_name"),
                        row.getString("state"),
                        row.getString("sync_state"),
                        row.getObject("bytes_behind", Long.class),
                        Rows.seconds(row, "replay_lag")));
    }
}
