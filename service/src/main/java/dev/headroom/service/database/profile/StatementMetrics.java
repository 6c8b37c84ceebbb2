package dev.headroom.service.database.profile;

import dev.headroom.service.metrics.Histogram;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Every statement since the start, by name: durations, failures by kind, the waits for connections, and how long these were held. */
public final class StatementMetrics {

    /** Names come from catalogs, so they are few; a name made of data must not fill the memory or the metrics. */
    static final int MOST_NAMES = 1000;

    static final String OTHERS = "other";

    private final Map<String, Histogram> operations = new ConcurrentHashMap<>();
    private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();
    private final Histogram waits = new Histogram();
    private final Histogram holds = new Histogram();

    /** Failures of one statement of one kind (see {@link DatabaseFailure#kind}). */
    public record Failure(String statement, String kind) {}

    /** {@code operations} is {@code db_client_operation_duration_seconds{statement}}, {@code waits} the wait for a connection, {@code holds} the time until it came back. */
    public record Snapshot(
            Map<String, Histogram.Snapshot> operations,
            Histogram.Snapshot waits,
            Histogram.Snapshot holds,
            Map<Failure, Long> failures) {}

    void ran(String statement, long nanos) {
        Histogram histogram = operations.get(statement);
        if (histogram == null) {
            histogram = operations.computeIfAbsent(known(statement), name -> new Histogram());
        }
        histogram.record(nanos);
    }

    void waited(long nanos) {
        waits.record(nanos);
    }

    void held(long nanos) {
        holds.record(nanos);
    }

    void failed(String statement, String kind) {
        failures.computeIfAbsent(new Failure(known(statement), kind), failure -> new LongAdder())
                .increment();
    }

    private String known(String statement) {
        return operations.size() < MOST_NAMES || operations.containsKey(statement) ? statement : OTHERS;
    }

    public Snapshot snapshot() {
        Map<String, Histogram.Snapshot> byName = new TreeMap<>();
        operations.forEach((name, histogram) -> byName.put(name, histogram.snapshot()));
        Map<Failure, Long> byKind = new ConcurrentHashMap<>();
        failures.forEach((failure, count) -> byKind.put(failure, count.sum()));
        return new Snapshot(byName, waits.snapshot(), holds.snapshot(), Map.copyOf(byKind));
    }
}
