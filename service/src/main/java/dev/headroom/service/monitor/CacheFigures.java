package dev.headroom.service.monitor;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a cache did since the start. Without a cache every figure is a true zero, and {@code enabled} says why. */
public record CacheFigures(
        boolean enabled, boolean sharedConnected, long hits, long misses, long sets, long deletes, long errors) {

    public static final CacheFigures NO_CACHE = new CacheFigures(false, false, 0, 0, 0, 0, 0);

    /** Under the keys that dashboards know. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("enabled", enabled);
        keys.put("hits", hits);
        keys.put("misses", misses);
        keys.put("sets", sets);
        keys.put("deletes", deletes);
        keys.put("errors", errors);
        keys.put("total_reads", hits + misses);
        keys.put("hit_rate_percent", hits + misses == 0 ? 0.0 : Math.round(10_000.0 * hits / (hits + misses)) / 100.0);
        keys.put("redis_connected", sharedConnected);
        return keys;
    }
}
