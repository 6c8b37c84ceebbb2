package dev.headroom.service.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in fixed buckets, without a lock on the way in.
 *
 * <p>Every histogram of every pod has the same bounds, so that the operator can add them up and read one p95 off the
 * sum. The bounds lie closest together around the objectives that people declare (100 ms a statement, 200 ms a
 * request), because a percentile is only as exact as the bucket that it falls into.
 */
public final class Histogram {

    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1,
        2.5, 5, 10
    };
    private static final long[] BOUNDS_NANOS = Arrays.stream(BOUNDS)
            .mapToLong(seconds -> Math.round(seconds * 1e9))
            .toArray();

    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    public Histogram() {
        Arrays.setAll(buckets, bucket -> new LongAdder());
    }

    /** The upper bounds in seconds, ascending, each inclusive; the last bucket (+Inf) is not in it. */
    public static double[] bounds() {
        return BOUNDS.clone();
    }

    public void record(long nanos) {
        int found = Arrays.binarySearch(BOUNDS_NANOS, nanos);
        buckets[found >= 0 ? found : -found - 1].increment();
        sumNanos.add(Math.max(0, nanos));
    }

    public Snapshot snapshot() {
        List<Long> cumulative = new ArrayList<>(buckets.length);
        long count = 0;
        for (LongAdder bucket : buckets) {
            count += bucket.sum();
            cumulative.add(count);
        }
        return new Snapshot(cumulative, sumNanos.sum() / 1e9);
    }

    /**
     * One reading, as Prometheus wants it: element i of cumulative counts what took at most {@code bounds()[i]}
     * seconds, its last element counts everything.
     */
    public record Snapshot(List<Long> cumulative, double sumSeconds) {

        public long count() {
            return cumulative.getLast();
        }
    }
}
