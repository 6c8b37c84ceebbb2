package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.seen.Millis;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.function.Consumer;

/** What every answer, errors included, says about how it came about. */
public final class ProfileHeaders {
    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    static final HeaderName PROCESS_TIME = HeaderNames.create("X-Process-Time");
    static final HeaderName QUERY_COUNT = HeaderNames.create("X-Query-Count");
    static final HeaderName QUERY_TIME = HeaderNames.create("X-Query-Time");
    static final HeaderName SERVER_TIMING = HeaderNames.create("Server-Timing");
    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    private final boolean enabled;

    public ProfileHeaders(boolean enabled) {
        this.enabled = enabled;
    }

    /** Each header whole, in the form that is written as it is: the other forms are copied and encoded again. */
    void each(String requestId, StatementProfile profile, long nanos, Consumer<Header> header) {
        header.accept(HeaderValues.createCached(REQUEST_ID, requestId));
        header.accept(NO_SNIFF);
        if (!enabled) {
            return;
        }
        String total = Millis.format(nanos);
        String querying = Millis.format(profile.queryNanos());
        header.accept(HeaderValues.createCached(PROCESS_TIME, total + "ms"));
        header.accept(HeaderValues.createCached(QUERY_COUNT, Integer.toString(profile.queryCount())));
        header.accept(HeaderValues.createCached(QUERY_TIME, querying + "ms"));
        header.accept(HeaderValues.createCached(
                SERVER_TIMING,
                "total;dur=" + total + ", db;dur=" + querying + ", pool;dur=" + Millis.format(profile.waitNanos())));
    }
}
