package dev.headroom.service.cache;

import dev.headroom.service.cache.entry.Entry;
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
        LOCAL_STALE,
        SHARED_STALE,
        /** Computing failed, and this is what there was before. */
        SPARE,
        /** Computed for this request. */
        MISS,
        /** Computed because the request wanted nothing kept. */
        RENEWED,
        /** Computed and not kept, because it is not known yet which changes would end it. */
        BYPASS
    }
}
