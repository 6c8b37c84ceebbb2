package dev.headroom.service.http;

import io.helidon.http.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
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

    /** One that is large, in both forms; one of them is written. */
    public interface Body {
        /** Of the plain one. */
        long length();

        byte[] toBytes();

        void writeTo(OutputStream out) throws IOException;

        void writeGzipTo(OutputStream out) throws IOException;
    }

    /** The body is not copied: whoever made it leaves it as it is. */
    public static Reply json(Call call, byte[] body) {
        if (body.length < WORTH_GZIP || !AcceptEncoding.prefersGzip(call.header("Accept-Encoding"))) {
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
        Reply reply;
        if (body.length() >= WORTH_GZIP && AcceptEncoding.prefersGzip(call.header("Accept-Encoding"))) {
            reply = (together ? Reply.json(written(body::writeGzipTo)) : Reply.json(streamed(-1, body::writeGzipTo)))
                    .prepared(GZIPPED);
        } else {
            reply = (together ? Reply.json(body.toBytes()) : Reply.json(streamed(body.length(), body::writeTo)))
                    .prepared(PLAIN);
        }
        return reply.withAll(NEVER_REUSED);
    }

    /** Somebody waits for it: quick rather than thorough. */
    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, 8 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a write", e);
        }
        return out.toByteArray();
    }

    private static Reply.Streamed streamed(long length, Writing writing) {
        return new Reply.Streamed() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                writing.to(out);
            }
        };
    }
}
