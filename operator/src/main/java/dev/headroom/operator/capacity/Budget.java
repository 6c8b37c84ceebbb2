package dev.headroom.operator.capacity;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How many connections of a database server the pods of all resources may hold together. The smallest of the limits that
 * apply counts: the server's, the database's and the role's. The budget belongs to the server, known by its system
 * identifier: two names of one server share one budget ({@link BudgetLedger}).
 *
 * @param connections never negative
 * @param arithmetic how it came about, for the status: "budget 72 = max_connections 100 − 3 reserved − …"
 */
public record Budget(String systemIdentifier, int connections, String arithmetic) {

    /** What CONNECTION LIMIT says when there is none. */
    public static final int UNLIMITED = -1;

    /**
     * A limit and who else takes from it.
     *
     * @param name as an engineer would look for it, e.g. "CONNECTION LIMIT of role app"
     * @param connections the limit itself, {@link #UNLIMITED} for none
     * @param reserved what the limit keeps for superusers and pg_use_reserved_connections; 0 for databases and roles
     * @param observedOthers the most sessions of others within this limit over the window; empty where pg_stat_activity
     *     may not be read
     */
    public record Limit(String name, int connections, int reserved, OptionalInt observedOthers) {

        public static Limit server(int maxConnections, int superuserReserved, int reserved, OptionalInt others) {
            return new Limit("max_connections", maxConnections, superuserReserved + reserved, others);
        }

        /** Stands for the limit of the pods' role where no session of a pod is recognised: it limits nothing, and the arithmetic says so. */
        public static Limit ofUnknownRole() {
            return new Limit("CONNECTION LIMIT of the pods' role", UNLIMITED, 0, OptionalInt.empty());
        }

        private boolean isOfUnknownRole() {
            return equals(ofUnknownRole());
        }

        /** Sessions of other users: the observed peak, or the declared number where that is larger. */
        private int others(int declared) {
            return Math.max(observedOthers.orElse(declared), declared);
        }

        private int room(int declared, int own) {
            return connections - reserved - others(declared) - own;
        }

        private String terms(int declared, int own) {
            String source = observedOthers.isPresent() && observedOthers.getAsInt() > declared
                    ? "observed peak of others"
                    : "declared for others";
            return name + " " + connections
                    + (reserved > 0 ? " − " + reserved + " reserved for superusers" : "")
                    + " − " + others(declared) + " " + source + " − " + own + " of the operator";
        }
    }

    /**
     * The budget of a server under the limits that apply to one role and database.
     *
     * @param limits the server's first; those of the database and the role where they have one
     * @param declaredOthers {@code pool.reservedConnections}, kept for other users whatever is observed
     * @param own sessions that the operator itself may hold on this server
     */
    public static Budget of(String systemIdentifier, List<Limit> limits, int declaredOthers, int own) {
        Limit tightest = limits.stream()
                .filter(limit -> limit.connections() != UNLIMITED)
                .min(Comparator.comparingInt(limit -> limit.room(declaredOthers, own)))
                .orElseThrow(() -> new IllegalArgumentException("a server always has max_connections"));
        int room = Math.max(tightest.room(declaredOthers, own), 0);
        String leftOut = limits.stream().anyMatch(Limit::isOfUnknownRole)
                ? "; the role of the pods is not known, so its CONNECTION LIMIT is left out"
                : "";
        return new Budget(
                systemIdentifier, room, "budget " + room + " = " + tightest.terms(declaredOthers, own) + leftOut);
    }

    /** What each limit leaves, by its name. */
    public static Map<String, Integer> byLimit(List<Limit> limits, int declaredOthers, int own) {
        return limits.stream()
                .filter(limit -> limit.connections() != UNLIMITED)
                .collect(Collectors.toMap(Limit::name, limit -> Math.max(limit.room(declaredOthers, own), 0)));
    }

    /** The most pods that fit when each has a pool of {@code poolSize} and holds {@code outsidePool} beside it. */
    public static int podsThatFit(int connections, int poolSize, int outsidePool) {
        return Math.max(connections, 0) / (poolSize + outsidePool);
    }

    /**
     * The refusal of a resource that does not fit, with the three ways out.
     *
     * @param granted what this resource may hold of the budget
     * @param pods the fewest pods that can exist at once at {@code replicas.min}
     */
    public String refusal(int granted, int pods, int minPerReplica, int outsidePool) {
        int perPod = minPerReplica + outsidePool;
        int missing = pods * perPod - granted;
        int fit = podsThatFit(granted, minPerReplica, outsidePool);
        int smallest = granted / Math.max(pods, 1) - outsidePool;
        String smaller = smallest >= 1
                ? "lower pool.minPerReplica to " + smallest
                : "put a transaction pooler such as PgBouncer in front of the database";
        return List.of(
                        arithmetic,
                        "of which this resource may hold " + granted,
                        pods + " pods × (" + minPerReplica + " of the pool + " + outsidePool + " outside it) need "
                                + pods * perPod,
                        "raise max_connections by " + missing + ", or lower replicas.min or maxSurge until at most "
                                + fit + " pods exist at once, or " + smaller)
                .stream()
                .collect(Collectors.joining("; "));
    }
}
