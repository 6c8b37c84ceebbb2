package dev.headroom.operator.capacity.metrics;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * One pod's page in Prometheus' text format, as far as capacity needs it. Families that are not asked for are skipped unread; a line
 * of ours that cannot be read makes the whole page unknown, because half of a sum is worse than none.
 *
 * @param poolSize what the pod's pool may hold now, in force
 * @param generation of the published pool size in force
 * @param outsidePool connections that the pod may hold beside its pool
 */
public record MetricsPage(PodScrape scrape, OptionalInt poolSize, OptionalLong generation, OptionalInt outsidePool) {

    static final String CPU = "process_cpu_seconds_total";
    static final String START = "process_start_time_seconds";
    private static final String TURNED_AWAY = "503";

    /** A page that cannot be used, with the line that shows why. */
    public static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why);
        }
    }

    /**
     * Reads a page.
     *
     * @param pod its UID
     * @param at when the answer came
     */
    public static MetricsPage of(String page, Names names, String pod, Instant at) throws Unreadable {
        if (!page.endsWith("\n")) {
            throw new Unreadable(page.isEmpty() ? "the page is empty" : "the page ends in the middle of a line");
        }
        Reader reader = new Reader(names);
        for (int from = 0; from < page.length(); ) {
            int end = page.indexOf('\n', from);
            reader.line(page, from, end);
            from = end + 1;
        }
        return reader.page(pod, at);
    }

    /** Collects the samples of the families that are asked for. */
    private static final class Reader {
        private final Names names;
        private final Set<String> wanted = new HashSet<>();
        private final Map<String, Histogram> requests = new HashMap<>();
        private final Map<String, Histogram> statements = new HashMap<>();
        private final Histogram waits = new Histogram();
        private final Map<String, Double> values = new HashMap<>();

        Reader(Names names) {
            this.names = names;
            for (String histogram : new String[] {names.requests(), names.statements(), names.waits()}) {
                wanted.add(histogram + "_bucket");
                wanted.add(histogram + "_sum");
            }
            wanted.addAll(
                    Set.of(names.shed(), names.inFlight(), names.poolSize(), names.generation(), names.outsidePool()));
            wanted.addAll(Set.of(CPU, START));
        }

        void line(String page, int from, int end) throws Unreadable {
            int nameEnd = from;
            while (nameEnd < end && isOfName(page.charAt(nameEnd))) {
                nameEnd++;
            }
            String name = page.substring(from, nameEnd);
            if (!wanted.contains(name)) {
                return;
            }
            Map<String, String> labels = new HashMap<>();
            int at = nameEnd;
            if (at < end && page.charAt(at) == '{') {
                at = labels(page, at + 1, end, labels);
            }
            add(name, labels, value(page, at, end));
        }

        private static boolean isOfName(char c) {
            return c == '_' || c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }

        /** Behind the opening brace; the answer is behind the closing one. */
        private static int labels(String page, int from, int end, Map<String, String> labels) throws Unreadable {
            int at = from;
            while (at < end && page.charAt(at) != '}') {
                int equals = page.indexOf('=', at);
                if (equals < 0 || equals + 1 >= end || page.charAt(equals + 1) != '"') {
                    throw unreadable(page, from, end);
                }
                StringBuilder text = new StringBuilder();
                int close = equals + 2;
                while (close < end && page.charAt(close) != '"') {
                    if (page.charAt(close) == '\\' && close + 1 < end) {
                        close++;
                    }
                    text.append(page.charAt(close++));
                }
                labels.put(page.substring(at, equals).strip(), text.toString());
                at = close + 1;
                if (at < end && page.charAt(at) == ',') {
                    at++;
                }
            }
            if (at >= end) {
                throw unreadable(page, from, end);
            }
            return at + 1;
        }

        /** The first number; a timestamp or an exemplar may follow. */
        private static double value(String page, int from, int end) throws Unreadable {
            String rest = page.substring(from, end).strip();
            int space = rest.indexOf(' ');
            String number = space < 0 ? rest : rest.substring(0, space);
            try {
                return switch (number) {
                    case "+Inf" -> Double.POSITIVE_INFINITY;
                    case "-Inf" -> Double.NEGATIVE_INFINITY;
                    default -> Double.parseDouble(number);
                };
            } catch (NumberFormatException e) {
                throw unreadable(page, from, end);
            }
        }

        private static Unreadable unreadable(String page, int from, int end) {
            int begin = page.lastIndexOf('\n', from - 1) + 1;
            String line = page.substring(begin, end);
            return new Unreadable("cannot read: " + (line.length() <= 120 ? line : line.substring(0, 119) + "…"));
        }

        private void add(String name, Map<String, String> labels, double value) {
            if (name.startsWith(names.requests())) {
                if (!TURNED_AWAY.equals(labels.get(names.status()))) {
                    histogram(requests, labels.getOrDefault(names.route(), "")).add(name, labels, value);
                }
            } else if (name.startsWith(names.statements())) {
                histogram(statements, labels.getOrDefault(names.statement(), ""))
                        .add(name, labels, value);
            } else if (name.startsWith(names.waits())) {
                waits.add(name, labels, value);
            } else {
                values.merge(name, value, Double::sum);
            }
        }

        private static Histogram histogram(Map<String, Histogram> all, String name) {
            return all.computeIfAbsent(name, each -> new Histogram());
        }

        MetricsPage page(String pod, Instant at) throws Unreadable {
            Instant start = value(START).isPresent()
                    ? Instant.ofEpochMilli(Math.round(value(START).getAsDouble() * 1000))
                    : Instant.EPOCH;
            if (requests.isEmpty() && values.isEmpty()) {
                throw new Unreadable("the page has no metric that is asked for, such as " + names.requests());
            }
            PodScrape scrape = new PodScrape(
                    pod,
                    at,
                    start.isAfter(at) ? Instant.EPOCH : start, // a pod whose clock is ahead
                    complete(requests),
                    complete(statements),
                    waits.complete(),
                    value(CPU),
                    value(names.shed()),
                    whole(names.inFlight()));
            OptionalDouble generation = value(names.generation());
            return new MetricsPage(
                    scrape,
                    whole(names.poolSize()),
                    generation.isPresent() ? OptionalLong.of((long) generation.getAsDouble()) : OptionalLong.empty(),
                    whole(names.outsidePool()));
        }

        private OptionalDouble value(String name) {
            Double value = values.get(name);
            return value == null || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
        }

        private OptionalInt whole(String name) {
            OptionalDouble value = value(name);
            return value.isPresent() && value.getAsDouble() >= 0
                    ? OptionalInt.of((int) value.getAsDouble())
                    : OptionalInt.empty();
        }

        private static Map<String, LatencyHistogram> complete(Map<String, Histogram> read) {
            Map<String, LatencyHistogram> complete = new HashMap<>();
            read.forEach((name, histogram) -> histogram.complete().ifPresent(each -> complete.put(name, each)));
            return complete;
        }
    }

    /** The buckets of one histogram, added up over the labels that nobody asks for. */
    private static final class Histogram {
        private final TreeMap<Double, Double> buckets = new TreeMap<>();
        private double sum;

        void add(String name, Map<String, String> labels, double value) {
            if (name.endsWith("_sum")) {
                sum += value;
                return;
            }
            String bound = labels.getOrDefault("le", "");
            try {
                buckets.merge(
                        bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
                        value,
                        Double::sum);
            } catch (NumberFormatException e) {
                buckets.put(Double.NaN, Double.NaN); // no histogram: it stays unknown
            }
        }

        Optional<LatencyHistogram> complete() {
            return LatencyHistogram.of(buckets, sum);
        }
    }
}
