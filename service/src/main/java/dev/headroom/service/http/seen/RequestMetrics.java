package dev.headroom.service.http.seen;

import dev.headroom.service.metrics.Histogram;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How long requests took, by route, method and status, and how many are here now. */
public final class RequestMetrics {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT");

    /** One series: each part has few values, whatever clients send. */
    public record Series(String route, String method, int status) {}

    private final Map<Series, Histogram> durations = new ConcurrentHashMap<>();
    /** By status; those that are usual are there from the start, so that rates have a beginning. */
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();

    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder atOnce = new LongAdder();

    public RequestMetrics() {
        List.of(400, 413, 414, 431, 505).forEach(status -> refused.put(status, new LongAdder()));
    }

    public void began() {
        active.incrementAndGet();
    }

    public void ended() {
        active.decrementAndGet();
    }

    public void took(String route, String method, int status, long nanos) {
        Series series = new Series(route, METHODS.contains(method) ? method : "other", status);
        Histogram histogram = durations.get(series);
        if (histogram == null) {
            histogram = durations.computeIfAbsent(series, first -> new Histogram());
        }
        histogram.record(nanos);
    }

    /** One that was answered by whoever read it. */
    public void tookAtOnce(String route, String method, int status, long nanos) {
        atOnce.increment();
        took(route, method, status, nanos);
    }

    /** One that was refused before it was understood: of no route, and of no method that is certain. */
    public void refused(int status) {
        refused.computeIfAbsent(status, first -> new LongAdder()).increment();
    }

    public Map<Integer, LongAdder> refused() {
        return Collections.unmodifiableMap(refused);
    }

    public long atOnce() {
        return atOnce.sum();
    }

    public int active() {
        return active.get();
    }

    public Map<Series, Histogram> durations() {
        return Map.copyOf(durations);
    }
}
