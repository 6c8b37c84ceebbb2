package dev.headroom.service.http.endpoint;

import dev.headroom.service.http.exchange.AcceptEncoding;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Answers that are made for each request, kept nowhere here, and kept by browsers. Their tag is known before they are
 * made, so a client that has one gets a 304 for the price of the tag. It is strong: the same tag means the same bytes, and
 * the gzipped body has its own.
 */
public final class EtagReply {
    /** A larger answer is sent piece by piece instead of being put together: it would cost its size in memory. */
    private static final long PUT_TOGETHER = 1 << 20;

    private static final Header STATUS = HeaderValues.createCached(CacheStatus.HEADER, CacheStatus.BYPASS);

    private final Header control;

    /**
     * An answer that may be large.
     *
     * @param length of the plain form
     * @param bytes the plain form whole
     */
    public record Body(long length, Supplier<byte[]> bytes, Reply.Writing plain, Reply.Writing gzip) {}

    /**
     * For all answers of one endpoint.
     *
     * @param maxAge for how long a client uses an answer without asking again; zero: it asks each time
     * @param staleWhileRevalidate for how long after that it may use it while it asks
     */
    public EtagReply(Duration maxAge, Duration staleWhileRevalidate) {
        String stale =
                staleWhileRevalidate.isZero() ? "" : ", stale-while-revalidate=" + staleWhileRevalidate.toSeconds();
        this.control = HeaderValues.createCached(
                HeaderNames.CACHE_CONTROL,
                maxAge.isZero() ? "public, no-cache" : "public, max-age=" + maxAge.toSeconds() + stale);
    }

    /**
     * Answers a request.
     *
     * @param digest names the answer, without quotes
     * @param body makes it, where the client has it not
     */
    public Reply of(Call call, String digest, Supplier<Body> body) {
        // Whatever its length, which is not known yet: both forms have to be told apart before one is made.
        boolean gzip = AcceptEncoding.prefersGzip(call.header("Accept-Encoding"));
        String etag = gzip ? '"' + digest + "-gzip\"" : '"' + digest + '"';
        Header tag = HeaderValues.create(HeaderNames.ETAG, etag);
        if (IfNoneMatch.matches(call.header("If-None-Match"), etag)) {
            return Reply.empty(304).prepared(List.of(tag, control, AcceptEncoding.VARY, STATUS));
        }
        return reply(body.get(), gzip)
                .prepared(
                        gzip
                                ? List.of(tag, control, AcceptEncoding.VARY, STATUS, AcceptEncoding.GZIP)
                                : List.of(tag, control, AcceptEncoding.VARY, STATUS));
    }

    private static Reply reply(Body body, boolean gzip) {
        if (body.length() <= PUT_TOGETHER) {
            return Reply.json(
                    gzip ? LiveReply.written(body.gzip()) : body.bytes().get());
        }
        return Reply.json(
                gzip
                        ? new Reply.Streamed(OptionalLong.empty(), body.gzip())
                        : new Reply.Streamed(OptionalLong.of(body.length()), body.plain()));
    }
}
