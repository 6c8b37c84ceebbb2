package dev.headroom.insight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many clients are connected to the server and what they do, and how many it lets in. {@code byState} also has
 * {@code hidden} for the sessions whose state the role may not see.
 */
public record Connections(Map<String, Integer> byState, int here, int maximum, int superuserReserved, int reserved) {
    private record State(String name, int count, int here) {}

    private record Limits(int maximum, int superuserReserved, int reserved) {}

    public Connections {
        byState = Map.copyOf(byState);
    }

    public static Connections of(Connection connection) throws SQLException {
        Limits limits = limits(connection);
        var states = Rows.list(
                connection, """
                select coalesce(state, 'hidden') as state, count(*)::int as sessions,
                       count(*) filter (where datname = current_database())::int as here
                  from pg_stat_activity
                 where backend_type = 'client backend' or (backend_type is null and datname is not null)
                 group by 1
                """, row -> new State(row.getString("state"), row.getInt("sessions"), row.getInt("here")));
        Map<String, Integer> byState = new LinkedHashMap<>();
        states.forEach(state -> byState.put(state.name(), state.count()));
        return new Connections(
                byState,
                states.stream().mapToInt(State::here).sum(),
                limits.maximum(),
                limits.superuserReserved(),
                limits.reserved());
    }

    /** {@code reserved_connections} came with PostgreSQL 16. */
    private static Limits limits(Connection connection) throws SQLException {
        return Rows.one(
                connection,
                """
                select current_setting('max_connections')::int as maximum,
                       current_setting('superuser_reserved_connections')::int as superuser_reserved,
                       coalesce(current_setting('reserved_connections', true), '0')::int as reserved
                """,
                row -> new Limits(row.getInt("maximum"), row.getInt("superuser_reserved"), row.getInt("reserved")));
    }

    public int total() {
        return byState.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What ordinary roles may use of it. */
    public int forOrdinaryRoles() {
        return maximum - superuserReserved - reserved;
    }
}
