package dev.headroom.service.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;

/** Answers requests that never became one: broken request lines and headers, and what exceeds the limits. */
public final class Malformed implements DirectHandler {
    @Override
    public TransportResponse handle(
            TransportRequest request, EventType event, Status status, ServerResponseHeaders headers, String message) {
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .entity(message.getBytes(StandardCharsets.UTF_8))
                .keepAlive(false)
                .build();
    }
}
