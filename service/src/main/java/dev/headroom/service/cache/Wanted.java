package dev.headroom.service.cache;

import dev.headroom.service.catalog.CachePolicy;

/** One answer wanted: by whom it is computed, and how long it may be used. */
record Wanted(CacheKey key, EndpointCounts counts, CachePolicy policy, Computation computation) {
    /** Whether other instances may have it. */
    boolean isShareable() {
        return policy.scope() == CachePolicy.Scope.SHARED;
    }
}
