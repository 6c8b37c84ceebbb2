package dev.headroom.operator.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Durations in seconds, from the few milliseconds of a look to the hours of a build. */
public final class Histogram implements Meters.Meter {

    private static final double[] BOUNDS = {0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1800, 7200};

    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final DoubleAdder sum = new DoubleAdder();

    Histogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    public void record(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].add(1);
        sum.add(seconds);
    }

    @Override
    public void write(String name, String labels, StringBuilder out) {
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += buckets[i].sum();
            Labels.line(out, name + "_bucket", Labels.and(labels, "le", Labels.number(BOUNDS[i])), (double) count);
        }
        count += buckets[BOUNDS.length].sum();
        Labels.line(out, name + "_bucket", Labels.and(labels, "le", "+Inf"), (double) count);
        Labels.line(out, name + "_sum", labels, sum.sum());
        Labels.line(out, name + "_count", labels, (double) count);
    }
}
