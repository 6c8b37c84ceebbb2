package dev.headroom.service.answers;

import dev.headroom.service.cache.Caching;
import dev.headroom.service.cache.EndpointCounts;
import dev.headroom.service.cache.Served.How;
import dev.headroom.service.monitor.CacheFigures;
import java.util.Set;

/** What the cache counted, as dashboards ask for it. */
final class CacheReport {
    private CacheReport() {}

    static CacheFigures figures(boolean enabled, Caching caching, Set<String> silentTables) {
        var metrics = caching.metrics();
        return new CacheFigures(
                enabled,
                caching.sharedAvailable(),
                caching.hearing().hearsChanges(),
                silentTables.stream().sorted().toList(),
                metrics.writes().sum(),
                metrics.invalidations().sum(),
                metrics.sharedErrors().sum(),
                metrics.endpoints().entrySet().stream()
                        .map(each -> route(each.getKey(), each.getValue()))
                        .toList());
    }

    private static CacheFigures.Route route(String route, EndpointCounts counts) {
        // What stands in for an answer had a statement run for it: an outage of the database is no time of many hits.
        long failed = counts.served(How.LOCAL_FAILED) + counts.served(How.SHARED_FAILED);
        long slow = counts.served(How.LOCAL_SLOW) + counts.served(How.SHARED_SLOW);
        return new CacheFigures.Route(
                route,
                counts.hits(),
                counts.stale(),
                counts.served(How.MISS) + counts.served(How.RENEWED) + counts.served(How.BYPASS) + failed + slow,
                failed,
                slow,
                counts.refreshes().sum(),
                counts.failures().sum(),
                counts.leaseWaits().sum(),
                counts.invalidations().sum(),
                counts.bytes().sum());
    }
}
