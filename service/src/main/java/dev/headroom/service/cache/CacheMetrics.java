package dev.headroom.service.cache;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the cache did since the start, in all and per endpoint. */
public final class CacheMetrics {
    private final Map<String, Map<Served.How, LongAdder>> served = new ConcurrentHashMap<>();
    private final LongAdder computations = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder leaseWaits = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder sharedErrors = new LongAdder();
    private final LongAdder writes = new LongAdder();

    void served(String endpoint, Served.How how) {
        served.computeIfAbsent(endpoint, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(how, name -> new LongAdder())
                .increment();
    }

    LongAdder computations() {
        return computations;
    }

    LongAdder failures() {
        return failures;
    }

    LongAdder refreshes() {
        return refreshes;
    }

    LongAdder leaseWaits() {
        return leaseWaits;
    }

    LongAdder invalidations() {
        return invalidations;
    }

    LongAdder sharedErrors() {
        return sharedErrors;
    }

    LongAdder writes() {
        return writes;
    }

    /** By endpoint, then by what happened. */
    public Map<String, Map<Served.How, Long>> perEndpoint() {
        Map<String, Map<Served.How, Long>> all = new TreeMap<>();
        served.forEach((endpoint, hows) -> {
            Map<Served.How, Long> counts = new TreeMap<>();
            hows.forEach((how, count) -> counts.put(how, count.sum()));
            all.put(endpoint, counts);
        });
        return all;
    }

    /** Everything that is counted once for the whole cache, by its name in the metrics. */
    public Map<String, Long> totals() {
        return new TreeMap<>(Map.of(
                "computations", computations.sum(),
                "failures", failures.sum(),
                "refreshes", refreshes.sum(),
                "lease_waits", leaseWaits.sum(),
                "invalidations", invalidations.sum(),
                "errors", sharedErrors.sum(),
                "sets", writes.sum()));
    }
}
