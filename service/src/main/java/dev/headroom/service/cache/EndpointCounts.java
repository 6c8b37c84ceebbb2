package dev.headroom.service.cache;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the cache did for one endpoint. */
public final class EndpointCounts {
    /** Filled at once and then only read, so that no request waits for another. */
    private final Map<Served.How, LongAdder> served = new EnumMap<>(Served.How.class);

    private final String route;
    private final LongAdder computations = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder leaseWaits = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    EndpointCounts(String route) {
        this.route = route;
        for (Served.How how : Served.How.values()) {
            served.put(how, new LongAdder());
        }
    }

    String route() {
        return route;
    }

    void served(Served answer) {
        requireNonNull(served.get(answer.how())).increment();
    }

    /** Requests that were answered this way. */
    public long served(Served.How how) {
        return requireNonNull(served.get(how)).sum();
    }

    /** Requests that were answered without a statement of their own. */
    public long hits() {
        return served(Served.How.LOCAL_HIT) + served(Served.How.SHARED_HIT) + stale();
    }

    /** Those of them that got an answer past its freshness. */
    public long stale() {
        return served(Served.How.LOCAL_STALE) + served(Served.How.SHARED_STALE);
    }

    /** Statements that were run, for requests and for refreshes. */
    public LongAdder computations() {
        return computations;
    }

    /** Those of them that failed. */
    public LongAdder failures() {
        return failures;
    }

    /** Refreshes in the background. */
    public LongAdder refreshes() {
        return refreshes;
    }

    /** How often a request waited for another instance's computation, however often it asked meanwhile. */
    public LongAdder leaseWaits() {
        return leaseWaits;
    }

    /** Answers that changes had ended, or what may have passed unheard, when they were asked for again. */
    public LongAdder invalidations() {
        return invalidations;
    }

    /** Bytes of the bodies that were sent, as they were sent; counted by who sends them. */
    public LongAdder bytes() {
        return bytes;
    }
}
