package dev.headroom.service.http.endpoint;

import dev.headroom.service.cache.Served;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;

/** How the cache came by an answer, as RFC 9211 writes it. */
final class CacheStatus {
    static final String NAME = "Cache-Status";
    static final HeaderName HEADER = HeaderNames.create(NAME);
    static final String BYPASS = "headroom; fwd=bypass";

    private CacheStatus() {}

    /** Whole seconds for which it is fresh; negative when it is not. */
    static long ttl(Served served) {
        return Math.floorDiv(served.fresh().toMillis(), 1000L);
    }

    static String of(Served served) {
        long ttl = ttl(served);
        return switch (served.how()) {
            case LOCAL_HIT -> "headroom; hit; ttl=" + ttl + "; detail=local";
            case SHARED_HIT -> "headroom; hit; ttl=" + ttl + "; detail=shared";
            case LOCAL_STALE -> "headroom; hit; ttl=" + ttl + "; detail=local-stale";
            case SHARED_STALE -> "headroom; hit; ttl=" + ttl + "; detail=shared-stale";
            case LOCAL_FAILED -> "headroom; fwd=stale; detail=local-failed";
            case SHARED_FAILED -> "headroom; fwd=stale; detail=shared-failed";
            case LOCAL_SLOW -> "headroom; fwd=stale; detail=local-slow";
            case SHARED_SLOW -> "headroom; fwd=stale; detail=shared-slow";
            case MISS -> "headroom; fwd=miss; ttl=" + ttl;
            case BYPASS -> BYPASS;
            case RENEWED -> "headroom; fwd=request; ttl=" + ttl;
        };
    }
}
