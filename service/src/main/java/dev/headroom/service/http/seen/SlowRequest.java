package dev.headroom.service.http.seen;

import java.time.Duration;
import java.time.Instant;

/** What one request cost, without any value that it carried. */
public record SlowRequest(
        Instant at,
        String method,
        String route,
        int status,
        Duration took,
        int queries,
        Duration querying,
        Duration waiting,
        String requestId) {}
