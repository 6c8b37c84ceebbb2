package dev.headroom.operator.capacity;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The pool size of each pod. Three ceilings: what the budget leaves to each of the most pods that can exist at once, what
 * the load needs, and what the database's cores can use. The budget is a hard limit; the other two only avoid waste, so
 * they give way to {@code minPerReplica} and change with hysteresis.
 *
 * <p>Need by Little's law: connections in use = arrival rate × hold time. Arrivals come in bursts, so the pool has room
 * for three standard deviations of a Poisson number with that mean, and one more.
 */
public final class PoolSizer {

    /** A shrink for lack of need happens only below this part of the present size; a smaller change is not worth a write. */
    private static final double SHRINK_BELOW = 0.6;

    private static final double BURST_DEVIATIONS = 3;

    /** HikariCP's sizing page: cores × 2 + effective spindles, for connections that are busy in the database. */
    private static final int ACTIVE_PER_CORE = 2;

    private final int minPerReplica;
    private final int maxPerReplica;

    public PoolSizer(int minPerReplica, int maxPerReplica) {
        if (minPerReplica < 1 || maxPerReplica < minPerReplica) {
            throw new IllegalArgumentException("pool.minPerReplica " + minPerReplica
                    + " has to be at least 1 and at most pool.maxPerReplica " + maxPerReplica);
        }
        this.minPerReplica = minPerReplica;
        this.maxPerReplica = maxPerReplica;
    }

    /**
     * What the pods do with their connections; each value may be unknown.
     *
     * @param rate connections taken from the pools per second, of all pods together
     * @param hold mean seconds for which a connection is held
     * @param statement mean seconds of it that the database works
     * @param usefulSessions sessions at work that the server has a use for; more would queue inside the database
     */
    public record Demand(
            OptionalDouble rate, OptionalDouble hold, OptionalDouble statement, OptionalInt usefulSessions) {
        public static final Demand UNKNOWN =
                new Demand(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty());
    }

    /**
     * The answer.
     *
     * @param perPod the size; below {@code minPerReplica} only when the budget leaves no more
     * @param sentence the arithmetic
     */
    public record Size(int perPod, String sentence) {}

    /**
     * The size for each pod.
     *
     * @param granted connections that the pods may hold together
     * @param mostPods the most pods that can exist at once
     * @param servingPods pods among which the load is divided
     * @param outsidePool connections that each pod holds beside its pool
     * @param current the published size; empty before the first
     */
    public Size size(int granted, int mostPods, int servingPods, int outsidePool, Demand demand, OptionalInt current) {
        int pods = Math.max(mostPods, 1);
        int fair = granted / pods - outsidePool;
        String division = granted + " ÷ " + pods + " pods" + (outsidePool > 0 ? " − " + outsidePool + " outside" : "");
        if (fair < minPerReplica) {
            return new Size(
                    Math.max(fair, 1),
                    "pool " + Math.max(fair, 1) + ": " + division + " = " + fair + " is below pool.minPerReplica "
                            + minPerReplica);
        }
        int ceiling = Math.min(fair, maxPerReplica);
        OptionalInt need = need(demand, Math.max(servingPods, 1));
        if (need.isEmpty()) {
            // Without measurements the present size is the best guess; it must fit all the same.
            int kept = Math.min(current.orElse(ceiling), ceiling);
            return new Size(kept, "pool " + kept + ": " + division + " allows " + fair + ", the need is unknown");
        }
        int wanted = Math.clamp(need.getAsInt(), minPerReplica, ceiling);
        int kept = current.isPresent() ? withHysteresis(wanted, Math.min(current.getAsInt(), ceiling)) : wanted;
        return new Size(
                kept,
                "pool " + kept + ": the load needs " + need.getAsInt() + ", " + division + " allows " + fair
                        + ", within " + minPerReplica + " to " + maxPerReplica);
    }

    private int withHysteresis(int wanted, int current) {
        boolean grows = wanted > current;
        boolean shrinksALot = wanted < current * SHRINK_BELOW;
        return grows || shrinksALot ? wanted : Math.max(current, minPerReplica);
    }

    /** Connections that the load needs in all pools together; 0 where it is unknown. */
    public static double neededByAll(Demand demand) {
        double busy = demand.rate().orElse(0) * demand.hold().orElse(0);
        return busy + BURST_DEVIATIONS * Math.sqrt(busy);
    }

    /**
     * Sessions at work that a server has a use for. One that waits for a lock takes no core from the others.
     *
     * @param cores of the database server
     */
    public static int usefulSessions(int cores, int waitingForLocks) {
        return ACTIVE_PER_CORE * cores + 1 + waitingForLocks;
    }

    private static OptionalInt need(Demand demand, int pods) {
        if (demand.rate().isEmpty() || demand.hold().isEmpty()) {
            return OptionalInt.empty();
        }
        double hold = demand.hold().getAsDouble();
        double busy = demand.rate().getAsDouble() * hold / pods;
        double wanted = busy + BURST_DEVIATIONS * Math.sqrt(busy) + 1;
        if (demand.usefulSessions().isPresent() && demand.statement().isPresent()) {
            wanted = Math.min(wanted, usefulPerPod(demand, hold, pods));
        }
        return OptionalInt.of((int) Math.min(Math.ceil(wanted), Integer.MAX_VALUE));
    }

    /** A connection that waits for its pod costs the database nothing. */
    private static double usefulPerPod(Demand demand, double hold, int pods) {
        double active = demand.usefulSessions().orElseThrow();
        double partInDatabase = Math.clamp(demand.statement().orElseThrow() / Math.max(hold, 1e-6), 0.05, 1.0);
        return active / partInDatabase / pods;
    }
}
