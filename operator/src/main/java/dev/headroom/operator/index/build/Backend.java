package dev.headroom.operator.index.build;

import dev.headroom.insight.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One session of one server. Its pid alone is not enough: it is given again after the session ended, and behind the same
 * address another server may answer, on which it is somebody else's (decision 0121). Times are in microseconds of the epoch.
 */
record Backend(int pid, long startedAt, long serverStartedAt) {
    private static final String COLUMNS = """
            select a.pid, (extract(epoch from a.backend_start) * 1000000)::bigint as started_at,
                   (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as server_started_at
            """;
    private static final String IS_THIS_ONE = """
             a.pid = ? and (extract(epoch from a.backend_start) * 1000000)::bigint = ?
             and (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint = ?
            """;

    /** @param idleFor how long no statement has been running; zero while one is */
    record Activity(Duration idleFor) {}

    /** The one at the other end of this connection. */
    static Backend of(Connection session) throws SQLException {
        return Rows.one(session, COLUMNS + "from pg_stat_activity a where a.pid = pg_backend_pid()", Backend::read);
    }

    /** Those that build this index, as far as our role may see them. */
    static List<Backend> building(Connection connection, long index) throws SQLException {
        return Rows.list(connection, COLUMNS + """
                        from pg_stat_progress_create_index p join pg_stat_activity a on a.pid = p.pid
                       where p.index_relid::bigint = ? and a.backend_start is not null
                      """, Backend::read, index);
    }

    private static Backend read(ResultSet row) throws SQLException {
        return new Backend(row.getInt("pid"), row.getLong("started_at"), row.getLong("server_started_at"));
    }

    /** Empty when the server at the other end of this connection has no such session. */
    Optional<Activity> activity(Connection connection) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        select case when a.state = 'active' then 0
                                    else extract(epoch from clock_timestamp() - a.state_change) * 1000 end::bigint as idle_for
                          from pg_stat_activity a where\s""" + IS_THIS_ONE,
                        row -> new Activity(Duration.ofMillis(row.getLong("idle_for"))),
                        pid,
                        startedAt,
                        serverStartedAt)
                .stream()
                .findFirst();
    }

    /** Returns false when the session has ended. */
    boolean cancel(Connection connection) throws SQLException {
        return signal(connection, "pg_cancel_backend");
    }

    boolean terminate(Connection connection) throws SQLException {
        return signal(connection, "pg_terminate_backend");
    }

    /** The statement itself decides which session it addresses. */
    private boolean signal(Connection connection, String function) throws SQLException {
        String sql = "select " + function + "(a.pid) from pg_stat_activity a where" + IS_THIS_ONE;
        return Rows.list(connection, sql, row -> row.getBoolean(1), pid, startedAt, serverStartedAt)
                .contains(true);
    }
}
