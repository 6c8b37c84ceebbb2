package dev.headroom.service.http;

import dev.headroom.service.database.StatementProfile;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.function.BiConsumer;

/** What every answer, errors included, says about how it came about. */
final class ProfileHeaders {
    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    static final HeaderName PROCESS_TIME = HeaderNames.create("X-Process-Time");
    static final HeaderName QUERY_COUNT = HeaderNames.create("X-Query-Count");
    static final HeaderName QUERY_TIME = HeaderNames.create("X-Query-Time");
    static final HeaderName SERVER_TIMING = HeaderNames.create("Server-Timing");
    private static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");

    private final boolean enabled;

    ProfileHeaders(boolean enabled) {
        this.enabled = enabled;
    }

    boolean enabled() {
        return enabled;
    }

    void each(String requestId, StatementProfile profile, long nanos, BiConsumer<HeaderName, String> header) {
        header.accept(REQUEST_ID, requestId);
        header.accept(NO_SNIFF, "nosniff");
        if (!enabled) {
            return;
        }
        String total = Millis.format(nanos);
        String querying = Millis.format(profile.queryNanos());
        header.accept(PROCESS_TIME, total + "ms");
        header.accept(QUERY_COUNT, Integer.toString(profile.queryCount()));
        header.accept(QUERY_TIME, querying + "ms");
        header.accept(
                SERVER_TIMING,
                "total;dur=" + total + ", db;dur=" + querying + ", pool;dur=" + Millis.format(profile.waitNanos()));
    }
}
