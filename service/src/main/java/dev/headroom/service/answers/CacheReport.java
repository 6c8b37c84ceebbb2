package dev.headroom.service.answers;

import dev.headroom.service.cache.Caching;
import dev.headroom.service.cache.EndpointCounts;
import dev.headroom.service.cache.Served;
import dev.headroom.service.monitor.CacheFigures;

/** What the cache counted, as dashboards ask for it. */
final class CacheReport {
    private CacheReport() {}

    static CacheFigures figures(boolean enabled, Caching caching) {
        var metrics = caching.metrics();
        long hits = 0;
        long misses = 0;
        for (EndpointCounts counts : metrics.endpoints().values()) {
            hits += counts.hits() + counts.served(Served.How.SPARE);
            misses += counts.served(Served.How.MISS) + counts.served(Served.How.RENEWED);
        }
        return new CacheFigures(
                enabled,
                caching.sharedAvailable(),
                hits,
                misses,
                metrics.writes().sum(),
                metrics.invalidations().sum(),
                metrics.sharedErrors().sum());
    }
}
