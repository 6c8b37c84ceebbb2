package dev.headroom.service.cache;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the cache did since the start, in all and per endpoint. */
public final class CacheMetrics {
    private final Map<String, EndpointCounts> endpoints = new ConcurrentHashMap<>();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder sharedErrors = new LongAdder();
    private final LongAdder writes = new LongAdder();

    /** The counts of one endpoint, to be kept by who counts: finding them costs a look-up. */
    public EndpointCounts of(String endpoint) {
        EndpointCounts counts = endpoints.get(endpoint);
        return counts != null ? counts : endpoints.computeIfAbsent(endpoint, EndpointCounts::new);
    }

    /** In the order of their names. */
    public Map<String, EndpointCounts> endpoints() {
        return new TreeMap<>(endpoints);
    }

    /** Changes of tables that were heard of. */
    public LongAdder invalidations() {
        return invalidations;
    }

    /** Steps that Redis did not do. */
    public LongAdder sharedErrors() {
        return sharedErrors;
    }

    /** Answers that were computed and kept. */
    public LongAdder writes() {
        return writes;
    }
}
