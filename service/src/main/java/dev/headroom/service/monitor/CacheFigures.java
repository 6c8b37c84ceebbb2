package dev.headroom.service.monitor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What a cache did since the start. Without a cache every figure is a true zero, and {@code enabled} says why.
 *
 * @param silentTables tables that do not tell of their changes, so that the policies' times rule what is made from them
 */
public record CacheFigures(
        boolean enabled,
        boolean sharedConnected,
        boolean hearsChanges,
        List<String> silentTables,
        long sets,
        long deletes,
        long errors,
        List<Route> routes) {

    public static final CacheFigures NO_CACHE = new CacheFigures(false, false, false, List.of(), 0, 0, 0, List.of());

    /**
     * What it did for one endpoint.
     *
     * @param hits requests that waited for no statement
     * @param stale those of them that got an answer past its freshness
     * @param misses requests that waited for one, their own or one under way, whether or not it gave an answer
     * @param failed those of them that got the answer of before, because computing failed
     * @param slow those of them that got it because computing took longer than the policy's soft time-out
     * @param invalidations answers that changes had ended when they were asked for again
     * @param failures statements that failed, for requests and for refreshes
     */
    public record Route(
            String route,
            long hits,
            long stale,
            long misses,
            long failed,
            long slow,
            long refreshes,
            long failures,
            long leaseWaits,
            long invalidations,
            long bytes) {}

    /** Under the keys that dashboards know, and then the others. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        long hits = sum(Route::hits);
        long reads = hits + sum(Route::misses);
        keys.put("enabled", enabled);
        keys.put("hits", hits);
        keys.put("misses", sum(Route::misses));
        keys.put("sets", sets);
        keys.put("deletes", deletes);
        keys.put("errors", errors);
        keys.put("total_reads", reads);
        keys.put("hit_rate_percent", reads == 0 ? 0.0 : Math.round(10_000.0 * hits / reads) / 100.0);
        keys.put("redis_connected", sharedConnected);
        keys.put("hears_changes", hearsChanges);
        keys.put("tables_without_trigger", silentTables);
        return keys;
    }

    /** The same per endpoint, and what it is made of. */
    Map<String, Object> endpoints() {
        Map<String, Object> endpoints = new LinkedHashMap<>();
        for (Route each : routes) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("hits", each.hits());
            keys.put("stale", each.stale());
            keys.put("misses", each.misses());
            keys.put("served_after_failure", each.failed());
            keys.put("served_while_slow", each.slow());
            keys.put("refreshes", each.refreshes());
            keys.put("failed_computations", each.failures());
            keys.put("lease_waits", each.leaseWaits());
            keys.put("invalidations", each.invalidations());
            keys.put("body_bytes", each.bytes());
            endpoints.put(each.route(), keys);
        }
        return endpoints;
    }

    private long sum(ToLongFunction<Route> figure) {
        return routes.stream().mapToLong(figure).sum();
    }
}
