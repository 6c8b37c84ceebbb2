package dev.headroom.service.http;

import dev.headroom.service.cache.Served;

/** How the cache came by an answer, as RFC 9211 writes it. */
final class CacheStatus {
    static final String NAME = "Cache-Status";
    static final String BYPASS = "headroom; fwd=bypass";

    private CacheStatus() {}

    static String of(Served served) {
        long ttl = Math.floorDiv(served.fresh().toMillis(), 1000L);
        return switch (served.how()) {
            case LOCAL_HIT -> "headroom; hit; ttl=" + ttl + "; detail=local";
            case SHARED_HIT -> "headroom; hit; ttl=" + ttl + "; detail=shared";
            case STALE -> "headroom; hit; ttl=" + ttl + "; detail=stale";
            case SPARE -> "headroom; fwd=stale; detail=failed";
            case MISS -> "headroom; fwd=miss; ttl=" + ttl;
            case BYPASS -> BYPASS;
            case RENEWED -> "headroom; fwd=request; ttl=" + ttl;
        };
    }
}
