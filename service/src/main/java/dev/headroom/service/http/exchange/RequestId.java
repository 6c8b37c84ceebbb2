package dev.headroom.service.http.exchange;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name under which one request is found again in answers, logs and traces.
 *
 * <p>In this order: the caller's {@code X-Request-Id}, the trace id of a W3C {@code traceparent}, one of our own. What
 * comes from outside is taken only when it is short and plain: it ends up in log lines.
 */
public final class RequestId {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/+=@-]{1,128}");
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    private RequestId() {}

    static String of(@Nullable String requestId, @Nullable String traceParent) {
        if (requestId != null && PLAIN.matcher(requestId).matches()) {
            return requestId;
        }
        return traceId(traceParent).orElseGet(RequestId::fresh);
    }

    /** Unique, not secret: the cheap generator will do. */
    public static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    private static Optional<String> traceId(@Nullable String traceParent) {
        if (traceParent == null) {
            return Optional.empty();
        }
        var parsed = TRACE_PARENT.matcher(traceParent);
        boolean extended = parsed.matches() && parsed.group(2) != null;
        return parsed.matches() && !(extended && traceParent.startsWith("00"))
                ? Optional.of(parsed.group(1))
                : Optional.empty();
    }
}
