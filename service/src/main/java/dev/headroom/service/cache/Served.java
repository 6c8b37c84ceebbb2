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
        /** Computing failed, and this is what there was before; in this process. */
        LOCAL_FAILED,
        /** The same where Redis had it. */
        SHARED_FAILED,
        /** Computing takes longer than the policy's soft time-out and goes on; this is what there was before. */
        LOCAL_SLOW,
        SHARED_SLOW,
        /** Computed for this request. */
        MISS,
        /** Computed because the request wanted nothing kept. */
        RENEWED,
        /** Computed and not kept, because it is not known yet which changes would end it. */
        BYPASS;

        /** Whether it stands in for an answer that could not be computed, or not in time: nobody should keep it. */
        public boolean isStandIn() {
            return isFailed() || this == LOCAL_SLOW || this == SHARED_SLOW;
        }

        public boolean isFailed() {
            return this == LOCAL_FAILED || this == SHARED_FAILED;
        }
    }
}
