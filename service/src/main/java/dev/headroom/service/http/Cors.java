package dev.headroom.service.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which headers let a browser on another origin read an answer; none while no origin is allowed. */
final class Cors {
    /** What our answers say in headers, so that a page may show it. */
    private static final String EXPOSED =
            "ETag, Age, Cache-Status, Retry-After, X-Request-Id, X-Process-Time, X-Query-Count, X-Query-Time, Server-Timing";

    private final ServerSettings.Cors settings;

    Cors(ServerSettings.Cors settings) {
        this.settings = settings;
    }

    boolean off() {
        return settings.origins().isEmpty();
    }

    /** For every answer: caches must keep apart what differs by origin, also where the origin is not allowed. */
    Map<String, String> answer(@Nullable String origin) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (off()) {
            return headers;
        }
        if (settings.origins().contains("*")) {
            headers.put("Access-Control-Allow-Origin", "*");
        } else {
            headers.put("Vary", "Origin");
            if (origin == null || !settings.origins().contains(origin)) {
                return headers;
            }
            headers.put("Access-Control-Allow-Origin", origin);
        }
        headers.put("Access-Control-Expose-Headers", EXPOSED);
        return headers;
    }

    /** What an OPTIONS request that asks before a call gets in addition. */
    Map<String, String> preflight(@Nullable String origin, @Nullable String askedMethod) {
        boolean allowed = answer(origin).containsKey("Access-Control-Allow-Origin");
        if (!allowed || askedMethod == null) {
            return Map.of();
        }
        return Map.of(
                "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS",
                "Access-Control-Allow-Headers", String.join(", ", settings.headers()),
                "Access-Control-Max-Age", Long.toString(settings.maxAge().toSeconds()));
    }
}
