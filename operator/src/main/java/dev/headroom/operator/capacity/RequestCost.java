package dev.headroom.operator.capacity;

import java.util.OptionalDouble;

/**
 * Learns what a request costs a pod: processor seconds where the pods tell them. Where they do not, the time that a
 * request spends neither waiting for a connection nor in statements, as it is while the pods are not busy. Also what is
 * normal for this target: requests in flight per arrival, and the time of a statement.
 */
final class RequestCost {
    private static final double HALF_LIFE_SECONDS = 20;
    private static final double SLOW_HALF_LIFE_SECONDS = 300;
    private static final double FEWEST_REQUESTS = 20;

    private double cpu;
    private double requests;
    private OptionalDouble ownTime = OptionalDouble.empty();
    private OptionalDouble statement = OptionalDouble.empty();
    private OptionalDouble residence = OptionalDouble.empty();

    /**
     * @param calm the latency is within the objective and the processors are not busy
     * @param databaseBound the database is the bottleneck, so nothing about time is normal
     */
    void learn(ScrapeWindow window, boolean calm, boolean databaseBound) {
        if (window.isFailing() && perRequest().isPresent()) {
            return;
        }
        double completed = window.completed().orElse(0) * window.longestInterval();
        double kept = Math.pow(0.5, window.longestInterval() / HALF_LIFE_SECONDS);
        if (window.cpu().isPresent() && completed > 0) {
            cpu = cpu * kept + window.cpu().getAsDouble() * window.longestInterval();
            requests = requests * kept + completed;
        }
        if (completed < FEWEST_REQUESTS) {
            return; // means of so few say little
        }
        TimeShares shares = TimeShares.of(window);
        if (shares.own().isPresent() && !databaseBound) {
            ownTime = lowest(ownTime, shares.own().getAsDouble(), window.longestInterval());
        }
        if (shares.statement().isPresent() && !databaseBound) {
            statement = lowest(statement, shares.statement().getAsDouble(), window.longestInterval());
        }
        if (calm && window.inFlight().isPresent() && window.arrivals().orElse(0) > 0) {
            double seconds = window.inFlight().getAsDouble() / window.arrivals().getAsDouble();
            residence = OptionalDouble.of(
                    residence.isPresent() ? residence.getAsDouble() * kept + seconds * (1 - kept) : seconds);
        }
    }

    /** Falls at once to a lower value and rises slowly: congestion comes and goes, the cost itself stays. */
    private static OptionalDouble lowest(OptionalDouble known, double seen, double seconds) {
        if (known.isEmpty() || seen < known.getAsDouble()) {
            return OptionalDouble.of(seen);
        }
        double kept = Math.pow(0.5, seconds / SLOW_HALF_LIFE_SECONDS);
        return OptionalDouble.of(known.getAsDouble() * kept + Math.min(seen, 2 * known.getAsDouble()) * (1 - kept));
    }

    /** Seconds of one processor for one request. */
    OptionalDouble perRequest() {
        return requests > 0 ? OptionalDouble.of(cpu / requests) : ownTime;
    }

    /** The mean time of a request outside the database while nothing is in its way. */
    OptionalDouble normalOwnTime() {
        return ownTime;
    }

    /** The mean statement while nothing is in its way. */
    OptionalDouble normalStatement() {
        return statement;
    }

    /** Requests in flight that a rate of arrivals brings with it while all is well. */
    OptionalDouble normalInFlight(double arrivals) {
        return residence.isPresent() ? OptionalDouble.of(residence.getAsDouble() * arrivals) : OptionalDouble.empty();
    }
}
