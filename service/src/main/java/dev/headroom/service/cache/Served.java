package dev.headroom.service.cache;

import java.time.Duration;

/**
 * An entry as a request gets it.
 *
 * @param fresh for how much longer it is fresh; zero or less when it is not
 */
public record Served(Entry entry, How how, Duration age, Duration fresh) {

    /** Where it came from; what {@code Cache-Status} and the metrics say. */
    public enum How {
        LOCAL_HIT,
        SHARED_HIT,
        STALE,
        /** Computing failed, and this is what there was before. */
        SPARE,
        MISS
    }
}
