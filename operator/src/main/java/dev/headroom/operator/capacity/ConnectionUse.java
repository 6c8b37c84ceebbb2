package dev.headroom.operator.capacity;

import dev.headroom.operator.capacity.PoolSizer.Demand;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Learns how the pods use their connections: how many are taken a second, and for how long one is held. */
public final class ConnectionUse {
    /** The weight of the newest window in the time of a hold: a size does not follow each hiccup. */
    private static final double NEWEST_HOLD = 0.2;

    /** After this time a slow database is taken for the usual one, and pools may grow for it. */
    private static final Duration LONGEST_UNUSUAL = Duration.ofMinutes(10);

    private Demand demand = Demand.UNKNOWN;
    private @Nullable Instant slowSince;

    public Demand demand() {
        return demand;
    }

    /**
     * Takes in a window.
     *
     * @param databaseBound the database is the bottleneck: it would answer still slower over more connections, so longer holds are not
     *     learned
     */
    public void learn(ScrapeWindow window, Instant at, boolean databaseBound, OptionalInt databaseCores) {
        if (!databaseBound) {
            slowSince = null;
        } else if (slowSince == null) {
            slowSince = at;
        }
        boolean nothingHeld = window.hold().isEmpty() && demand.hold().isPresent();
        if (window.taken().orElse(0) <= 0 || nothingHeld || window.isFailing()) {
            return; // calls that are refused while the database is away wait as well
        }
        boolean unusual = slowSince != null && at.isBefore(slowSince.plus(LONGEST_UNUSUAL));
        demand = new Demand(
                window.taken(),
                hold(window.hold(), unusual),
                window.allStatements().map(LatencyHistogram::mean).orElse(OptionalDouble.empty()),
                databaseCores);
    }

    private OptionalDouble hold(OptionalDouble seen, boolean unusual) {
        if (seen.isEmpty() || demand.hold().isEmpty()) {
            return seen;
        }
        double known = demand.hold().getAsDouble();
        double hold = known + NEWEST_HOLD * (seen.getAsDouble() - known);
        return OptionalDouble.of(unusual ? Math.min(hold, known) : hold);
    }
}
