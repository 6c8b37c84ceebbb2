package dev.headroom.operator.capacity.metrics;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the samples of the families that are asked for. It works on bytes and remembers the last name, group and bounds, because
 * neighbouring lines have most in common: nothing is allocated for most lines.
 */
final class PageReader {
    /** When the process began, in seconds since 1970; a name that all client libraries agree on. */
    static final String START = "process_start_time_seconds";

    private static final byte[] UNAVAILABLE = {'5', '0', '3'};
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private static final byte[] LE = bytes("le");

    private final byte[] status;
    private final Map<String, Series> wanted = new HashMap<>();
    private final Map<String, Histogram> requests = new HashMap<>();
    private final Map<String, Histogram> statements = new HashMap<>();
    private final Histogram waits = new Histogram();
    private final Histogram holds = new Histogram();
    private double unavailable;
    private double failed;
    private final Map<String, Double> values = new HashMap<>();
    private final Names names;
    private final Instant at;
    private final Bounds bounds = new Bounds();

    private byte[] name = {};
    private @Nullable Series series;

    private byte[] group = {};
    private @Nullable Histogram ofGroup;

    // Of the line that is being read.
    private int groupFrom;
    private int groupEnd;
    private int boundFrom;
    private int boundEnd;
    private boolean isUnavailable;
    private boolean isFailed;

    PageReader(Names names, Instant at) {
        this.names = names;
        this.at = at;
        status = bytes(names.status());
        histogram(names.requests(), Kind.REQUESTS, names.route());
        wanted.putIfAbsent(
                names.requests() + "_count", new Series(names.requests() + "_count", Kind.FAILURES, false, ""));
        histogram(names.statements(), Kind.STATEMENTS, names.statement());
        histogram(names.waits(), Kind.WAITS, "");
        histogram(names.holds(), Kind.HOLDS, "");
        for (String value : List.of(
                names.shed(),
                names.inFlight(),
                names.poolSize(),
                names.generation(),
                names.outsidePool(),
                names.cpu(),
                START)) {
            wanted.putIfAbsent(value, new Series(value, Kind.VALUE, false, ""));
        }
    }

    private void histogram(String name, Kind kind, String group) {
        wanted.putIfAbsent(name + "_bucket", new Series(name + "_bucket", kind, false, group));
        wanted.putIfAbsent(name + "_sum", new Series(name + "_sum", kind, true, group));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads whole lines.
     *
     * @param searched before it no line ends
     * @return the begin of the line whose end is not there
     */
    int lines(byte[] page, int searched, int end) throws Unreadable {
        int from = 0;
        for (int at = searched; at < end; at++) {
            if (page[at] == '\n') {
                line(page, from, at);
                from = at + 1;
            }
        }
        return from;
    }

    private void line(byte[] page, int from, int end) throws Unreadable {
        int nameEnd = from;
        while (nameEnd < end && isOfName(page[nameEnd])) {
            nameEnd++;
        }
        Series found = series(page, from, nameEnd);
        if (found == null) {
            return;
        }
        groupFrom = groupEnd = boundFrom = boundEnd = 0;
        isUnavailable = false;
        isFailed = false;
        int at = nameEnd;
        if (at < end && page[at] == '{') {
            at = labels(page, from, at + 1, end, found);
        }
        add(found, page, value(page, from, at, end));
    }

    private @Nullable Series series(byte[] page, int from, int end) {
        if (!Arrays.equals(page, from, end, name, 0, name.length)) {
            name = Arrays.copyOfRange(page, from, end);
            series = wanted.get(new String(name, StandardCharsets.UTF_8));
            ofGroup = null;
        }
        return series;
    }

    private static boolean isOfName(byte c) {
        return c == '_' || c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    /** From behind the opening brace; the answer is behind the closing one. */
    private int labels(byte[] page, int line, int from, int end, Series found) throws Unreadable {
        int at = from;
        while (at < end && page[at] != '}') {
            int equals = at;
            while (equals < end && page[equals] != '=') {
                equals++;
            }
            if (equals + 1 >= end || page[equals + 1] != '"') {
                throw unreadable(page, line, end);
            }
            int open = equals + 2;
            int close = open;
            while (close < end && page[close] != '"') {
                close += page[close] == '\\' ? 2 : 1;
            }
            close = Math.min(close, end);
            label(page, at, equals, open, close, found);
            at = close + 1;
            if (at < end && page[at] == ',') {
                at++;
            }
        }
        if (at >= end) {
            throw unreadable(page, line, end);
        }
        return at + 1;
    }

    private void label(byte[] page, int from, int nameEnd, int open, int close, Series found) {
        int begin = from;
        int end = nameEnd;
        while (begin < end && isBlank(page[begin])) {
            begin++;
        }
        while (end > begin && isBlank(page[end - 1])) {
            end--;
        }
        if (Arrays.equals(page, begin, end, LE, 0, LE.length)) {
            boundFrom = open;
            boundEnd = close;
        }
        if (Arrays.equals(page, begin, end, found.group, 0, found.group.length)) {
            groupFrom = open;
            groupEnd = close;
        }
        if ((found.kind == Kind.REQUESTS || found.kind == Kind.FAILURES)
                && Arrays.equals(page, begin, end, status, 0, status.length)) {
            isUnavailable = Arrays.equals(page, open, close, UNAVAILABLE, 0, UNAVAILABLE.length);
            isFailed = close - open == UNAVAILABLE.length && page[open] == UNAVAILABLE[0];
        }
    }

    /** The first number; a timestamp or an exemplar may follow. */
    private static double value(byte[] page, int line, int from, int end) throws Unreadable {
        int begin = from;
        while (begin < end && isBlank(page[begin])) {
            begin++;
        }
        int close = begin;
        while (close < end && !isBlank(page[close])) {
            close++;
        }
        try {
            return number(page, begin, close);
        } catch (NumberFormatException e) {
            throw unreadable(page, line, end);
        }
    }

    private static Unreadable unreadable(byte[] page, int from, int end) {
        String line = new String(page, from, end - from, StandardCharsets.UTF_8);
        return new Unreadable("cannot read: " + (line.length() <= 120 ? line : line.substring(0, 119) + "…"));
    }

    private void add(Series found, byte[] page, double value) {
        if (found.kind == Kind.VALUE) {
            addValue(found.name, value);
            return;
        }
        if (found.kind == Kind.FAILURES) {
            unavailable += isUnavailable ? value : 0;
            failed += isFailed ? value : 0;
            return;
        }
        if (isUnavailable) {
            return; // no duration of an answer
        }
        Histogram histogram = switch (found.kind) {
            case REQUESTS -> grouped(requests, page);
            case STATEMENTS -> grouped(statements, page);
            case HOLDS -> holds;
            default -> waits;
        };
        if (found.isSum) {
            histogram.sum += value;
        } else {
            histogram.add(bounds.bound(page, boundFrom, boundEnd), value);
        }
    }

    /** Connections of two pools add up. A generation is in force when it is in each pool, and a process began last. */
    private void addValue(String metric, double value) {
        if (metric.equals(names.generation())) {
            values.merge(metric, value, Math::min);
        } else if (!metric.equals(START)) {
            values.merge(metric, value, Double::sum);
        } else if (value * 1000 <= at.toEpochMilli()) { // else the pod's clock is ahead
            values.merge(metric, value, Math::max);
        }
    }

    private Histogram grouped(Map<String, Histogram> all, byte[] page) {
        Histogram known = ofGroup;
        if (known == null || !Arrays.equals(page, groupFrom, groupEnd, group, 0, group.length)) {
            group = Arrays.copyOfRange(page, groupFrom, groupEnd);
            known = all.computeIfAbsent(unescaped(group), each -> new Histogram());
            ofGroup = known;
        }
        return known;
    }

    private static String unescaped(byte[] text) {
        String raw = new String(text, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : raw.replaceAll("(?s)\\\\(.)", "$1");
    }

    MetricsPage page(String pod) throws Unreadable {
        Instant start = value(START).isPresent()
                ? Instant.ofEpochMilli(Math.round(value(START).getAsDouble() * 1000))
                : Instant.EPOCH;
        if (requests.isEmpty() && values.isEmpty()) {
            throw new Unreadable("the page has no metric that is asked for, such as " + names.requests());
        }
        PodScrape scrape = new PodScrape(
                pod,
                at,
                start,
                complete(requests),
                complete(statements),
                waits.complete(),
                holds.complete(),
                cpuSeconds(),
                value(names.shed()),
                finite(unavailable),
                finite(failed),
                whole(names.inFlight()),
                unreadable());
        OptionalDouble generation = value(names.generation());
        return new MetricsPage(
                scrape,
                whole(names.poolSize()),
                generation.isPresent() ? OptionalLong.of((long) generation.getAsDouble()) : OptionalLong.empty(),
                whole(names.outsidePool()));
    }

    /** The unit is in the name, as Prometheus' naming rules have it. */
    private OptionalDouble cpuSeconds() {
        OptionalDouble cpu = value(names.cpu());
        boolean isInNanoseconds = names.cpu().endsWith("_ns") || names.cpu().endsWith("_ns_total");
        return cpu.isPresent() && isInNanoseconds ? OptionalDouble.of(cpu.getAsDouble() / 1e9) : cpu;
    }

    private Set<String> unreadable() {
        Set<String> unreadable = new HashSet<>();
        for (Map<String, Histogram> read :
                List.of(requests, statements, Map.of(PodScrape.WAITS, waits), Map.of(PodScrape.HOLDS, holds))) {
            read.forEach((name, histogram) -> {
                if (histogram.isUnreadable()) {
                    unreadable.add(name);
                }
            });
        }
        return unreadable;
    }

    private OptionalDouble value(String name) {
        return finite(values.getOrDefault(name, Double.NaN));
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
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

    /** What a family's samples are added to. */
    private enum Kind {
        REQUESTS,
        STATEMENTS,
        WAITS,
        HOLDS,
        FAILURES,
        VALUE
    }

    /** A series that is asked for: one name of the page. */
    private static final class Series {
        final String name;
        final Kind kind;
        final boolean isSum;
        /** The label whose values are told apart; of an empty name where none is. */
        final byte[] group;

        Series(String name, Kind kind, boolean isSum, String group) {
            this.name = name;
            this.kind = kind;
            this.isSum = isSum;
            this.group = group.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The bounds of buckets, as they are written: each histogram of a page has them in the same order. */
    private static final class Bounds {
        /** More different ones are no layout of a histogram, and would be searched through for each line. */
        private static final int MOST = 100;

        private final List<byte[]> texts = new ArrayList<>();
        private final List<Double> bounds = new ArrayList<>();
        private int next;

        double bound(byte[] page, int from, int end) {
            for (int tried = 0; tried < texts.size(); tried++) {
                int candidate = (next + tried) % texts.size();
                byte[] text = texts.get(candidate);
                if (Arrays.equals(page, from, end, text, 0, text.length)) {
                    next = candidate + 1;
                    return bounds.get(candidate);
                }
            }
            double bound = parsed(page, from, end);
            if (texts.size() < MOST) {
                texts.add(Arrays.copyOfRange(page, from, end));
                bounds.add(bound);
                next = texts.size();
            }
            return bound;
        }

        private static double parsed(byte[] page, int from, int end) {
            try {
                return number(page, from, end);
            } catch (NumberFormatException e) {
                return Double.NaN; // no histogram: it stays unknown
            }
        }
    }

    /** As Double.parseDouble, which is slow and needs a string: short numbers are computed, exactly. */
    private static double number(byte[] page, int from, int end) {
        long digits = 0;
        int behindPoint = -1;
        for (int at = from; at < end; at++) {
            byte c = page[at];
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + c - '0';
                behindPoint += behindPoint < 0 ? 0 : 1;
            } else if (c == '.' && behindPoint < 0) {
                behindPoint = 0;
            } else {
                return written(page, from, end);
            }
        }
        // Up to 15 digits and powers of ten are exact as doubles, so their quotient is rounded once.
        return end == from || end - from > 15 || (behindPoint == 0 && end - from == 1)
                ? written(page, from, end)
                : digits / POWERS_OF_TEN[Math.max(behindPoint, 0)];
    }

    private static double written(byte[] page, int from, int end) {
        String text = new String(page, from, end - from, StandardCharsets.UTF_8);
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The buckets of one histogram, added up over the labels that nobody asks for. */
    private static final class Histogram {
        private double[] bounds = new double[16];
        private double[] counts = new double[16];
        private int size;
        private int next;
        private boolean broken;
        private double sum;

        void add(double bound, double count) {
            if (Double.isNaN(bound)) {
                broken = true;
                return;
            }
            if (next >= size || bounds[next] != bound) {
                int found = Arrays.binarySearch(bounds, 0, size, bound);
                next = found >= 0 ? found : insert(-found - 1, bound);
            }
            counts[next++] += count;
        }

        private int insert(int at, double bound) {
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            System.arraycopy(bounds, at, bounds, at + 1, size - at);
            System.arraycopy(counts, at, counts, at + 1, size - at);
            bounds[at] = bound;
            counts[at] = 0;
            size++;
            return at;
        }

        /** Whether there were buckets that make no histogram. */
        boolean isUnreadable() {
            return (broken || size > 0) && complete().isEmpty();
        }

        Optional<LatencyHistogram> complete() {
            return broken
                    ? Optional.empty()
                    : LatencyHistogram.of(Arrays.copyOf(bounds, size), Arrays.copyOf(counts, size), sum);
        }
    }
}
