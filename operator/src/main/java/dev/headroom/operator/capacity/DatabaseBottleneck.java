package dev.headroom.operator.capacity;

import dev.headroom.operator.capacity.ReplicaScaler.DatabaseLoad;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Whether late requests wait for the database rather than for a processor of the pods, so that more pods would not help. What the pods tell
 * is noisy: a wait for the pod's processor inside a statement counts as the statement's. Times in seconds.
 */
final class DatabaseBottleneck {
    /** Statements that take so many times as long as they can show that the database is the bottleneck. */
    private static final double SLOWER_STATEMENTS = 2;

    /** Requests that came while the processors were as busy as this may be late for their sake, though new pods already have time. */
    private static final double FULL_PROCESSOR = 0.88;

    /** After so many seconds those requests are served. */
    private static final double DRAIN_SECONDS = 15;

    /** For so long the database stays the bottleneck after it was last seen to be. */
    private static final double CLEAR_SECONDS = 30;

    private double processorsFullAt = Double.NEGATIVE_INFINITY;
    private double seenAt = Double.NEGATIVE_INFINITY;

    boolean isNow(double at) {
        return at - seenAt < CLEAR_SECONDS;
    }

    /** @param utilisation of the pods' processors, 0 to 1 */
    void observe(
            double at,
            ScrapeWindow window,
            boolean late,
            OptionalDouble utilisation,
            DatabaseLoad database,
            RequestCost cost) {
        if (utilisation.orElse(0) > FULL_PROCESSOR) {
            processorsFullAt = at;
            seenAt = Double.NEGATIVE_INFINITY; // pods without time wait inside their statements too
        }
        if (late && at - processorsFullAt >= DRAIN_SECONDS && isSlow(TimeShares.of(window), database, cost)) {
            seenAt = at;
        }
    }

    /**
     * A request waits for the core before its statement and again before it reads the rows, and the second wait is counted
     * as the statement's. The first is known, so the second is taken to be as long and counted as the processor's.
     */
    private static boolean isSlow(TimeShares shares, DatabaseLoad database, RequestCost cost) {
        if (shares.own().isEmpty() || cost.normalOwnTime().isEmpty()) {
            return false;
        }
        double own = shares.own().getAsDouble();
        double wait = Math.max(own - cost.normalOwnTime().getAsDouble(), 0);
        double statement = shares.statement().orElse(0) - wait;
        boolean slower = statement > SLOWER_STATEMENTS * cost.normalStatement().orElse(Double.POSITIVE_INFINITY);
        return statement > own + wait && (slower || database.isAtItsLimit());
    }

    static String describe(ScrapeWindow window, OptionalDouble latency, ScalingPolicy policy) {
        TimeShares shares = TimeShares.of(window);
        return String.format(
                Locale.ROOT,
                "p%.0f %s over %.0f ms, %.0f %% of the time in the database (%.0f ms of waiting for a connection, %.0f ms of"
                        + " statements a request)%s: it is the bottleneck, replicas do not help",
                policy.objectivePercentile(),
                latency.isPresent() && Double.isFinite(latency.getAsDouble())
                        ? String.format(Locale.ROOT, "%.0f ms", 1000 * latency.getAsDouble())
                        : "beyond the histogram's largest bucket,",
                1000 * policy.objectiveSeconds(),
                100 * shares.inDatabase(),
                1000 * shares.poolWait().orElse(0),
                1000 * shares.statement().orElse(0),
                shares.slowestStatement()
                        .map(name -> ", most in statement `" + name + "`")
                        .orElse(""));
    }
}
