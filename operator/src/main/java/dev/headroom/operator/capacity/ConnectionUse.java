package dev.headroom.operator.capacity;

import dev.headroom.operator.capacity.PoolSizer.Demand;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Learns how the pods use their connections: how many are taken a second, and for how long one is held. */
public final class ConnectionUse {
    /** The weight of the newest window in the time of a hold: a size does not follow each hiccup. */
    private static final double NEWEST_HOLD = 0.2;

    private Demand demand = Demand.UNKNOWN;

    public Demand demand() {
        return demand;
    }

    /**
     * Takes in a window.
     *
     * @param saturated the database is the bottleneck and all its cores are busy: over more connections it would answer still slower, so
     *     longer holds are not learned
     */
    public void learn(ScrapeWindow window, boolean saturated, OptionalInt usefulSessions) {
        boolean nothingHeld = window.hold().isEmpty() && demand.hold().isPresent();
        if (window.taken().orElse(0) <= 0 || nothingHeld || window.isFailing()) {
            return; // calls that are refused while the database is away wait as well
        }
        demand = new Demand(
                window.taken(),
                hold(window.hold(), saturated),
                window.allStatements().map(LatencyHistogram::mean).orElse(OptionalDouble.empty()),
                usefulSessions);
    }

    private OptionalDouble hold(OptionalDouble seen, boolean saturated) {
        if (seen.isEmpty() || demand.hold().isEmpty()) {
            return seen;
        }
        double known = demand.hold().getAsDouble();
        double hold = known + NEWEST_HOLD * (seen.getAsDouble() - known);
        return OptionalDouble.of(saturated ? Math.min(hold, known) : hold);
    }
}
