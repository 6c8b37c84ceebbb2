package dev.headroom.service.http.endpoint;

import dev.headroom.service.http.exchange.AcceptEncoding;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import io.helidon.http.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An answer made for one request and kept nowhere: compressed for clients that like it so, without a validator. */
public final class LiveReply {
    /** A larger answer is sent piece by piece instead of being put together: it would cost its size in memory. */
    private static final long PUT_TOGETHER = 1 << 20;

    private static final long WORTH_GZIP = 1024;

    private static final Map<String, String> NEVER_REUSED =
            Map.of("Cache-Control", "no-store", CacheStatus.NAME, CacheStatus.BYPASS);

    private static final List<Header> PLAIN = List.of(AcceptEncoding.VARY);
    private static final List<Header> GZIPPED = List.of(AcceptEncoding.VARY, AcceptEncoding.GZIP);

    private LiveReply() {}

    /**
     * One that may be large.
     *
     * @param length of the plain form
     * @param bytes the plain form whole
     */
    public record Body(long length, Supplier<byte[]> bytes, Reply.Writing plain, Reply.Writing gzip) {}

    /** The body is not copied: whoever made it leaves it as it is. */
    public static Reply json(Call call, byte[] body) {
        if (!isGzipped(call, body.length)) {
            return Reply.json(body).prepared(PLAIN).withAll(NEVER_REUSED);
        }
        return Reply.json(written(out -> {
                    try (GZIPOutputStream gzip = new Quick(out)) {
                        gzip.write(body);
                    }
                }))
                .prepared(GZIPPED)
                .withAll(NEVER_REUSED);
    }

    public static Reply json(Call call, Body body) {
        boolean together = body.length() <= PUT_TOGETHER;
        boolean gzip = isGzipped(call, body.length());
        Reply reply;
        if (together) {
            reply = Reply.json(gzip ? written(body.gzip()) : body.bytes().get());
        } else if (gzip) {
            reply = Reply.json(new Reply.Streamed(OptionalLong.empty(), body.gzip()));
        } else {
            reply = Reply.json(new Reply.Streamed(OptionalLong.of(body.length()), body.plain()));
        }
        return reply.prepared(gzip ? GZIPPED : PLAIN).withAll(NEVER_REUSED);
    }

    private static boolean isGzipped(Call call, long length) {
        return length >= WORTH_GZIP && AcceptEncoding.prefersGzip(call.header("Accept-Encoding"));
    }

    /** Somebody waits for it: quick rather than thorough. */
    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, 8 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static byte[] written(Reply.Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a write", e);
        }
        return out.toByteArray();
    }
}
