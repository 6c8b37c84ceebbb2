package dev.headroom.operator.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Something that only grows. */
public final class Counter implements Meters.Meter {

    private final LongAdder sum = new LongAdder();

    Counter() {}

    public void add(long more) {
        sum.add(more);
    }

    public long value() {
        return sum.sum();
    }

    @Override
    public void write(String name, String labels, StringBuilder out) {
        Labels.line(out, name, labels, (double) value());
    }
}
