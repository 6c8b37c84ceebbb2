package dev.headroom.service.cache;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.catalog.CachePolicy;

/**
 * One answer that is asked for.
 *
 * @param key what it is called
 * @param counts of its endpoint
 * @param policy how long it may be used
 * @param computation computes it where it is not kept
 */
public record Wanted(CacheKey key, EndpointCounts counts, CachePolicy policy, Computation computation) {
    /** The same, to be computed on another thread. */
    Wanted carried() {
        return new Wanted(key, counts, policy, computation.carried());
    }

    /** Whether other instances may have it. */
    boolean isShareable() {
        return policy.scope() == CachePolicy.Scope.SHARED;
    }
}
