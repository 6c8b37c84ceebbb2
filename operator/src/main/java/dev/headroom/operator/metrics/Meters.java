package dev.headroom.operator.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;

/**
 * The meters of this process, made at first use: {@code meters.counter("headroom_builds_total", "Index builds.",
 * "outcome", "done").add(1)}. A name has one kind, one help text and one set of label names.
 */
public final class Meters {

    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    /** {@code labels} are names and values in turn. */
    public Counter counter(String name, String help, String... labels) {
        return (Counter)
                family(name, help, "counter").meters().computeIfAbsent(Labels.text(labels), l -> new Counter());
    }

    /** A value that is read when it is asked for. The first supplier of a name and labels stays. */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        family(name, help, "gauge").meters().putIfAbsent(Labels.text(labels), new Gauge(value));
    }

    public Histogram histogram(String name, String help, String... labels) {
        return (Histogram)
                family(name, help, "histogram").meters().computeIfAbsent(Labels.text(labels), l -> new Histogram());
    }

    /** Everything, in the text format that Prometheus scrapes. */
    public String text() {
        StringBuilder out = new StringBuilder(8192);
        families.forEach((name, family) -> {
            out.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(family.kind()).append('\n');
            family.meters().forEach((labels, meter) -> meter.write(name, labels, out));
        });
        return out.toString();
    }

    private Family family(String name, String help, String kind) {
        Family family = families.computeIfAbsent(name, n -> new Family(help, kind, new ConcurrentSkipListMap<>()));
        if (!family.kind().equals(kind)) {
            throw new IllegalArgumentException(name + " is a " + family.kind() + ", not a " + kind);
        }
        return family;
    }

    private record Family(String help, String kind, Map<String, Meter> meters) {}

    /** One time series, or the few of a histogram. */
    sealed interface Meter permits Counter, Gauge, Histogram {
        void write(String name, String labels, StringBuilder out);
    }

    private record Gauge(DoubleSupplier value) implements Meter {
        @Override
        public void write(String name, String labels, StringBuilder out) {
            Labels.line(out, name, labels, value.getAsDouble());
        }
    }

    /** The time since a moment of {@link System#nanoTime}. */
    public static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
