package dev.headroom.service.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes measurements in Prometheus' text format, version 0.0.4: a family's header once, then its samples. */
public final class Exposition {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double[] BOUNDS = Histogram.bounds();

    private final StringBuilder out = new StringBuilder(16 * 1024);
    private String family = "";

    public Exposition counter(String name, String help) {
        return family(name, "counter", help);
    }

    public Exposition gauge(String name, String help) {
        return family(name, "gauge", help);
    }

    public Exposition histogram(String name, String help) {
        return family(name, "histogram", help);
    }

    private Exposition family(String name, String type, String help) {
        family = name;
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    public Exposition sample(double value) {
        return sample(Map.of(), value);
    }

    public Exposition sample(Map<String, String> labels, double value) {
        return line("", labels, "", value);
    }

    /** All buckets, the sum and the count of one series; pods' series add up because all have the same bounds. */
    public Exposition samples(Map<String, String> labels, Histogram.Snapshot histogram) {
        for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
            line(
                    "_bucket",
                    labels,
                    number(BOUNDS[bucket]),
                    histogram.cumulative().get(bucket));
        }
        line("_bucket", labels, "+Inf", (double) histogram.count());
        line("_sum", labels, "", histogram.sumSeconds());
        return line("_count", labels, "", (double) histogram.count());
    }

    private Exposition line(String suffix, Map<String, String> labels, String le, double value) {
        out.append(family).append(suffix);
        String separator = "{";
        for (Map.Entry<String, String> label : labels.entrySet()) {
            out.append(separator).append(label.getKey()).append("=\"");
            escaped(label.getValue());
            out.append('"');
            separator = ",";
        }
        if (!le.isEmpty()) {
            out.append(separator).append("le=\"").append(le).append('"');
            separator = ",";
        }
        out.append(separator.equals("{") ? " " : "} ").append(number(value)).append('\n');
        return this;
    }

    private void escaped(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }

    private static String number(double value) {
        long whole = (long) value;
        return whole == value ? Long.toString(whole) : Double.toString(value);
    }

    public byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
