package dev.headroom.operator.capacity;

import dev.headroom.insight.Rows;
import dev.headroom.operator.capacity.Budget.Limit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The connection limits of a server, and who uses them at this moment.
 *
 * @param systemIdentifier the same for every name of one server
 * @param database that was asked in
 * @param limits for {@link Budget#of}: the server's first, then those of the database and of the pods' role where they have one
 * @param role the role that holds most of the pods' sessions in the database; empty where none is seen
 * @param ours sessions of the operator
 * @param active sessions that execute a statement and wait for no lock, without ours; empty where pg_stat_activity may not be read
 * @param waitingForLocks sessions whose statement waits for a lock; 0 where that may not be read
 */
public record ServerConnections(
        String systemIdentifier,
        String database,
        List<Limit> limits,
        Optional<String> role,
        int ours,
        OptionalInt active,
        int waitingForLocks) {

    private record Server(String identifier, int maximum, int superuserReserved, int reserved, int ofDatabase) {}

    /** Sessions that are alike; the address is empty where it is not one of a pod. */
    private record Sessions(
            String database,
            String role,
            boolean ours,
            String podAddress,
            boolean hidden,
            int count,
            int active,
            int waitingForLocks) {
        boolean isOfPods() {
            return !podAddress.isEmpty();
        }
    }

    /**
     * The pods of one resource.
     *
     * @param database that they use, on whichever server
     * @param addresses from which they connect
     * @param held connections that they say to hold
     */
    public record Pods(String database, Set<String> addresses, int held) {
        public Pods {
            addresses = Set.copyOf(addresses);
        }
    }

    public ServerConnections {
        limits = List.copyOf(limits);
    }

    /**
     * Asks the server. Without the rights of pg_read_all_stats the addresses of others' sessions are hidden: then nobody can say
     * which are the pods', and how many others there are is unknown. Behind address translation or a pooler no session comes from an
     * address of the resource's pods: then as many of the sessions in their database are theirs as they say to hold.
     *
     * @param addresses of the pods of the resource whose database this is
     * @param held connections that these say to hold
     * @param others the pods of the other resources on the server of this system identifier
     */
    public static ServerConnections read(
            Connection connection, Set<String> addresses, int held, Function<String, List<Pods>> others)
            throws SQLException {
        Server server = server(connection);
        String database = connection.getCatalog();
        List<Pods> pods = new ArrayList<>();
        pods.add(new Pods(database, addresses, held));
        pods.addAll(others.apply(server.identifier()));
        List<Sessions> sessions = sessions(
                connection,
                pods.stream().flatMap(each -> each.addresses().stream()).toList());
        Map<String, Integer> behindProxy = podSessionsBehindProxy(sessions, pods);
        int inDatabase = behindProxy.getOrDefault(database, 0);
        Optional<String> role = roleOf(addresses, sessions, database);
        List<Limit> limits = new ArrayList<>();
        limits.add(Limit.server(
                server.maximum(),
                server.superuserReserved(),
                server.reserved(),
                others(sessions, behindProxy.values().stream().mapToInt(n -> n).sum(), each -> true)));
        if (server.ofDatabase() != Budget.UNLIMITED) {
            limits.add(new Limit(
                    "CONNECTION LIMIT of database " + database,
                    server.ofDatabase(),
                    0,
                    others(sessions, inDatabase, each -> each.database().equals(database))));
        }
        limits.add(
                role.isEmpty()
                        ? Limit.ofUnknownRole()
                        : new Limit(
                                "CONNECTION LIMIT of role " + role.get(),
                                limitOf(connection, role.get()),
                                0,
                                others(sessions, inDatabase, each -> each.role().equals(role.get()))));
        return new ServerConnections(
                server.identifier(),
                database,
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
                       case when host(client_addr) = any (?) then host(client_addr) else '' end as pod_address,
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
                        row.getString("pod_address"),
                        row.getBoolean("hidden"),
                        row.getInt("sessions"),
                        row.getInt("active"),
                        row.getInt("waiting_for_locks")),
                podAddresses);
    }

    private static int limitOf(Connection connection, String role) throws SQLException {
        return Rows.one(connection, "select rolconnlimit from pg_roles where rolname = ?", row -> row.getInt(1), role);
    }

    private static Optional<String> roleOf(Set<String> addresses, List<Sessions> sessions, String database) {
        return sessions.stream()
                .filter(each ->
                        addresses.contains(each.podAddress()) && each.database().equals(database))
                .collect(Collectors.groupingBy(Sessions::role, Collectors.summingInt(Sessions::count)))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    /**
     * Sessions of pods that come from other addresses than theirs, by database: for each resource of whose pods none is recognised what
     * they say to hold, but no more than there are.
     */
    private static Map<String, Integer> podSessionsBehindProxy(List<Sessions> sessions, List<Pods> pods) {
        Set<String> recognised = sessions.stream().map(Sessions::podAddress).collect(Collectors.toSet());
        Map<String, Integer> held = pods.stream()
                .filter(each -> Collections.disjoint(each.addresses(), recognised))
                .collect(Collectors.groupingBy(Pods::database, Collectors.summingInt(Pods::held)));
        Map<String, Integer> there = sessions.stream()
                .filter(each -> !each.ours() && !each.isOfPods())
                .collect(Collectors.groupingBy(Sessions::database, Collectors.summingInt(Sessions::count)));
        return held.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> Math.min(each.getValue(), there.getOrDefault(each.getKey(), 0))));
    }

    private static OptionalInt others(List<Sessions> sessions, int behindProxy, Predicate<Sessions> within) {
        return sessions.stream().anyMatch(Sessions::hidden)
                ? OptionalInt.empty()
                : OptionalInt.of(Math.max(
                        sessions.stream()
                                        .filter(within)
                                        .filter(each -> !each.ours() && !each.isOfPods())
                                        .mapToInt(Sessions::count)
                                        .sum()
                                - behindProxy,
                        0));
    }
}
