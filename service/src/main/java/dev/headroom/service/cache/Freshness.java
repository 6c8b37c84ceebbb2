package dev.headroom.service.cache;

import dev.headroom.service.cache.Served.How;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How good an entry is just now. */
final class Freshness {
    private final Generations generations;
    private final long blindFreshNanos;
    private final LongSupplier nanos;

    /** @param blindFresh how long an answer is fresh while changes may pass unheard */
    Freshness(Generations generations, Duration blindFresh, LongSupplier nanos) {
        this.generations = generations;
        this.blindFreshNanos = blindFresh.toNanos();
        this.nanos = nanos;
    }

    Kept.State of(Kept kept, Wanted wanted) {
        return kept.state(wanted.policy(), wanted.key(), generations, blindFreshNanos, nanos.getAsLong());
    }

    /** The age in milliseconds from which what others made will not do. */
    long oldestMillis() {
        return generations.blind() ? blindFreshNanos / 1_000_000 : Long.MAX_VALUE;
    }

    Served served(Kept kept, How how, Wanted wanted) {
        long age = kept.ageNanos(nanos.getAsLong());
        long fresh = kept.freshNanos(wanted.policy()) - age;
        return new Served(kept.entry(), how, Duration.ofNanos(age), Duration.ofNanos(fresh));
    }
}
