package dev.headroom.service.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.AtOnce;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.front.Express;
import dev.headroom.service.http.front.Head;
import dev.headroom.service.http.front.Ready;
import dev.headroom.service.http.seen.RequestLog;
import dev.headroom.service.http.seen.RequestMetrics;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that came before, byte for byte, and whose answers are kept in this process: a dashboard asks for the same all
 * day. What the bytes mean was found out the first time.
 */
final class Familiar implements Express {
    private static final byte[] NOTHING = {};
    private static final int MOST_BYTES = 8 << 20;
    private static final int LONGEST = 4 << 10;
    /** What one takes beside its bytes and what was made of them, roughly. */
    private static final int BESIDE = 500;

    /** These name a request, so the next one has others. */
    private static final List<String> NAMES = List.of("X-Request-Id", "traceparent");

    /** These are somebody's secrets, or as good: they are not kept in memory. */
    private static final List<String> SECRETS = List.of("Authorization", "Proxy-Authorization", "Cookie");

    /** All that the answer of a target depends on besides the path and the query, and what is added to answers. */
    private static final List<String> MATTER = List.of("Accept-Encoding", "If-None-Match", "Origin");

    private record Known(Call call, AtOnce target) {}

    private final Cache<Head, Known> known = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .<Head, Known>weigher((head, meaning) -> 3 * head.length() + BESIDE)
            .executor(Runnable::run)
            .build();
    private final Health health;
    private final RequestMetrics metrics;
    private final RequestLog log;
    private final AnswerHeaders headers;

    Familiar(Health health, RequestMetrics metrics, RequestLog log, AnswerHeaders headers) {
        this.health = health;
        this.metrics = metrics;
        this.log = log;
        this.headers = headers;
    }

    /**
     * From now on the request of these bytes is answered from here, whenever its answer is in this process. Not with the
     * access log: a line for each request would be written by the thread that reads the port.
     */
    void remember(Head head, Call call, AtOnce target) {
        if (!log.hasLineForEach()
                && head.length() <= LONGEST
                && Stream.concat(NAMES.stream(), SECRETS.stream()).allMatch(name -> call.header(name) == null)) {
            known.put(head, new Known(call.with(MATTER), target));
        }
    }

    @Override
    public @Nullable Ready answer(Head head) {
        long began = System.nanoTime();
        Known found = known.getIfPresent(head);
        if (found == null || health.phase() != Health.Phase.SERVING) {
            return null;
        }
        try {
            return answer(found, began);
        } catch (RuntimeException fault) {
            known.invalidate(head); // the ordinary way tells the client and the log what is wrong
            return null;
        }
    }

    private @Nullable Ready answer(Known found, long began) {
        Reply reply = found.target().answer(found.call());
        if (reply == null) {
            return null;
        }
        Call call = found.call().again();
        var profile = new StatementProfile(call.requestId());
        long nanos = System.nanoTime() - began;
        metrics.tookAtOnce(call.route(), call.method(), reply.status(), nanos);
        log.timedAtOnce(call, reply.status(), nanos, profile);
        return new Ready(
                headers.head(call, reply, profile, nanos), call.method().equals("HEAD") ? NOTHING : reply.body());
    }
}
