package dev.headroom.operator.capacity;

import dev.headroom.insight.Rows;
import dev.headroom.operator.capacity.Budget.Limit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The connection limits of a server, and who uses them at this moment.
 *
 * @param systemIdentifier the same for every name of one server
 * @param limits for {@link Budget#of}: the server's first, then those of the database and of the pods' role where they have one
 * @param role the role that holds most of the pods' sessions in the database; empty where none is seen
 * @param ours sessions of the operator
 * @param active sessions that execute a statement and wait for no lock, without ours; empty where pg_stat_activity may not be read
 * @param waitingForLocks sessions whose statement waits for a lock; 0 where that may not be read
 */
public record ServerConnections(
        String systemIdentifier,
        List<Limit> limits,
        Optional<String> role,
        int ours,
        OptionalInt active,
        int waitingForLocks) {

    private record Server(String identifier, int maximum, int superuserReserved, int reserved, int ofDatabase) {}

    /** Sessions that are alike. */
    private record Sessions(
            String database,
            String role,
            boolean ours,
            boolean ofPods,
            boolean hidden,
            int count,
            int active,
            int waitingForLocks) {}

    public ServerConnections {
        limits = List.copyOf(limits);
    }

    /**
     * Asks the server. Without the rights of pg_read_all_stats the addresses of others' sessions are hidden: then nobody can say
     * which are the pods', and how many others there are is unknown. Behind address translation or a pooler no session comes from a
     * pod's address: then as many of the sessions are the pods' as they say to hold.
     *
     * @param podAddresses from which the pods of all resources connect
     * @param heldByPods connections that the pods of all resources say to hold
     */
    public static ServerConnections read(Connection connection, Collection<String> podAddresses, int heldByPods)
            throws SQLException {
        Server server = server(connection);
        List<Sessions> sessions = sessions(connection, podAddresses);
        String database = connection.getCatalog();
        int elsewhere = sessions.stream().anyMatch(Sessions::ofPods) ? 0 : behindOthers(sessions, database, heldByPods);
        Optional<String> role = roleOfPods(sessions, database);
        List<Limit> limits = new ArrayList<>();
        limits.add(Limit.server(
                server.maximum(),
                server.superuserReserved(),
                server.reserved(),
                others(sessions, elsewhere, each -> true)));
        if (server.ofDatabase() != Budget.UNLIMITED) {
            limits.add(new Limit(
                    "CONNECTION LIMIT of database " + database,
                    server.ofDatabase(),
                    0,
                    others(sessions, elsewhere, each -> each.database().equals(database))));
        }
        limits.add(
                role.isEmpty()
                        ? Limit.ofUnknownRole()
                        : new Limit(
                                "CONNECTION LIMIT of role " + role.get(),
                                limitOf(connection, role.get()),
                                0,
                                others(sessions, elsewhere, each -> each.role().equals(role.get()))));
        return new ServerConnections(
                server.identifier(),
                limits,
                role,
                sessions.stream()
                        .filter(Sessions::ours)
                        .mapToInt(Sessions::count)
                        .sum(),
                sessions.stream().anyMatch(Sessions::hidden)
                        ? OptionalInt.empty()
                        : OptionalInt.of(sessions.stream()
                                .filter(each -> !each.ours())
                                .mapToInt(Sessions::active)
                                .sum()),
                sessions.stream().mapToInt(Sessions::waitingForLocks).sum());
    }

    /** {@code reserved_connections} came with PostgreSQL 16. */
    private static Server server(Connection connection) throws SQLException {
        return Rows.one(
                connection,
                """
                select (select system_identifier::text from pg_control_system()) as identifier,
                       current_setting('max_connections')::int as maximum,
                       current_setting('superuser_reserved_connections')::int as superuser_reserved,
                       coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
                       (select datconnlimit from pg_database where datname = current_database()) as of_database
                """,
                row -> new Server(
                        row.getString("identifier"),
                        row.getInt("maximum"),
                        row.getInt("superuser_reserved"),
                        row.getInt("reserved"),
                        row.getInt("of_database")));
    }

    private static List<Sessions> sessions(Connection connection, Collection<String> podAddresses) throws SQLException {
        return Rows.list(
                connection,
                """
                select coalesce(datname, '') as database, coalesce(usename, '') as role,
                       coalesce(application_name like 'headroom-operator%' and usename = current_user, false) as ours,
                       coalesce(host(client_addr) = any (?), false) as of_pods,
                       backend_type is null as hidden, count(*)::int as sessions,
                       (count(*) filter (where state = 'active' and wait_event_type is distinct from 'Lock'))::int as active,
                       (count(*) filter (where state = 'active' and wait_event_type = 'Lock'))::int as waiting_for_locks
                  from pg_stat_activity
                 where backend_type = 'client backend' or (backend_type is null and datname is not null)
                 group by 1, 2, 3, 4, 5
                """,
                row -> new Sessions(
                        row.getString("database"),
                        row.getString("role"),
                        row.getBoolean("ours"),
                        row.getBoolean("of_pods"),
                        row.getBoolean("hidden"),
                        row.getInt("sessions"),
                        row.getInt("active"),
                        row.getInt("waiting_for_locks")),
                podAddresses);
    }

    private static int limitOf(Connection connection, String role) throws SQLException {
        return Rows.one(connection, "select rolconnlimit from pg_roles where rolname = ?", row -> row.getInt(1), role);
    }

    private static Optional<String> roleOfPods(List<Sessions> sessions, String database) {
        return sessions.stream()
                .filter(each -> each.ofPods() && each.database().equals(database))
                .collect(Collectors.groupingBy(Sessions::role, Collectors.summingInt(Sessions::count)))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    /** Sessions of the pods that come from other addresses than theirs: no more than there are in their database. */
    private static int behindOthers(List<Sessions> sessions, String database, int heldByPods) {
        return Math.min(
                heldByPods,
                sessions.stream()
                        .filter(each -> each.database().equals(database) && !each.ours())
                        .mapToInt(Sessions::count)
                        .sum());
    }

    private static OptionalInt others(List<Sessions> sessions, int ofPodsElsewhere, Predicate<Sessions> within) {
        return sessions.stream().anyMatch(Sessions::hidden)
                ? OptionalInt.empty()
                : OptionalInt.of(Math.max(
                        sessions.stream()
                                        .filter(within)
                                        .filter(each -> !each.ours() && !each.ofPods())
                                        .mapToInt(Sessions::count)
                                        .sum()
                                - ofPodsElsewhere,
                        0));
    }
}
