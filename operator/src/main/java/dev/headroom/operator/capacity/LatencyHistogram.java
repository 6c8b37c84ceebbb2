package dev.headroom.operator.capacity;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A Prometheus histogram: upper bounds in seconds and, for each, how many durations were at most that long. Histograms of
 * different layouts are combined on the bounds that both have; what lies between is lost, never invented.
 */
public final class LatencyHistogram {
    private final double[] bounds; // ascending, the last one is +Inf
    private final double[] cumulative;
    private final double sum;

    private LatencyHistogram(double[] bounds, double[] cumulative, double sum) {
        this.bounds = bounds;
        this.cumulative = cumulative;
        this.sum = sum;
    }

    /**
     * From the buckets of a page, by upper bound. Empty when it is no histogram: without +Inf, with NaN or negative
     * counts, or with counts that fall. A half answer is no answer.
     */
    public static Optional<LatencyHistogram> of(Map<Double, Double> buckets, double sum) {
        TreeMap<Double, Double> sorted = new TreeMap<>(buckets);
        if (sorted.isEmpty() || sorted.lastKey() != Double.POSITIVE_INFINITY) {
            return Optional.empty();
        }
        double[] bounds =
                sorted.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        double[] counts =
                sorted.values().stream().mapToDouble(Double::doubleValue).toArray();
        return of(bounds, counts, sum);
    }

    /** As above, from arrays in ascending order; they are copied. */
    public static Optional<LatencyHistogram> of(double[] bounds, double[] cumulative, double sum) {
        double last = 0;
        for (double count : cumulative) {
            if (!(count >= last) || Double.isInfinite(count)) {
                return Optional.empty();
            }
            last = count;
        }
        if (bounds.length == 0
                || bounds.length != cumulative.length
                || bounds[bounds.length - 1] != Double.POSITIVE_INFINITY
                || Double.isNaN(sum)) {
            return Optional.empty();
        }
        return Optional.of(new LatencyHistogram(bounds.clone(), cumulative.clone(), sum));
    }

    /** Subtracts an earlier histogram. After a counter reset the whole histogram is the difference. */
    public LatencyHistogram since(LatencyHistogram earlier) {
        double[] common = commonBounds(earlier);
        double[] now = on(common);
        double[] before = earlier.on(common);
        double[] added = new double[common.length];
        double last = 0;
        for (int i = 0; i < common.length; i++) {
            if (now[i] < before[i]) {
                return this;
            }
            // Counts of one page are not read at one moment, so a difference may fall by a few between bounds.
            added[i] = Math.max(now[i] - before[i], last);
            last = added[i];
        }
        return new LatencyHistogram(common, added, Math.max(sum - earlier.sum, 0));
    }

    public LatencyHistogram plus(LatencyHistogram other) {
        double[] common = commonBounds(other);
        double[] total = on(common);
        double[] more = other.on(common);
        for (int i = 0; i < common.length; i++) {
            total[i] += more[i];
        }
        return new LatencyHistogram(common, total, sum + other.sum);
    }

    public static Optional<LatencyHistogram> total(List<LatencyHistogram> parts) {
        return parts.stream().reduce(LatencyHistogram::plus);
    }

    public double count() {
        return cumulative[cumulative.length - 1];
    }

    /** Seconds of all durations together. */
    public double sum() {
        return sum;
    }

    public OptionalDouble mean() {
        return count() > 0 ? OptionalDouble.of(sum / count()) : OptionalDouble.empty();
    }

    /**
     * The duration that this percentage does not exceed, interpolated within its bucket. In the last bucket it is the
     * largest finite bound: at least that much. Empty without samples or finite bounds.
     */
    public OptionalDouble percentile(double percentage) {
        if (count() <= 0 || bounds.length < 2) {
            return OptionalDouble.empty();
        }
        double rank = count() * percentage / 100;
        int bucket = 0;
        while (cumulative[bucket] < rank) {
            bucket++;
        }
        if (bucket == bounds.length - 1) {
            return OptionalDouble.of(bounds[bucket - 1]);
        }
        double lower = bucket == 0 ? 0 : bounds[bucket - 1];
        double below = bucket == 0 ? 0 : cumulative[bucket - 1];
        double within = cumulative[bucket] - below;
        return OptionalDouble.of(
                within <= 0 ? bounds[bucket] : lower + (bounds[bucket] - lower) * (rank - below) / within);
    }

    /**
     * The same for a comparison with a limit: infinite where the duration is in the last bucket and the limit is there too, so that
     * nobody can tell whether it is exceeded.
     */
    public OptionalDouble percentile(double percentage, double limitSeconds) {
        OptionalDouble seconds = percentile(percentage);
        boolean isInLastBucket = seconds.isPresent() && count() * percentage / 100 > cumulative[bounds.length - 2];
        return isInLastBucket && bounds[bounds.length - 2] <= limitSeconds
                ? OptionalDouble.of(Double.POSITIVE_INFINITY)
                : seconds;
    }

    private double[] commonBounds(LatencyHistogram other) {
        if (Arrays.equals(bounds, other.bounds)) {
            return bounds;
        }
        return Arrays.stream(bounds)
                .filter(bound -> Arrays.binarySearch(other.bounds, bound) >= 0)
                .toArray();
    }

    private double[] on(double[] subset) {
        if (subset.length == bounds.length) {
            return cumulative.clone();
        }
        double[] counts = new double[subset.length];
        for (int i = 0; i < subset.length; i++) {
            counts[i] = cumulative[Arrays.binarySearch(bounds, subset[i])];
        }
        return counts;
    }

    @Override
    public String toString() {
        return count() + " in " + sum + " s";
    }
}
