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
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An answer made for one request and kept nowhere: compressed for clients that like it so, without a validator. */
public final class LiveReply {
    private static final long WORTH_GZIP = 1024;

    private static final Map<String, String> NEVER_REUSED =
            Map.of("Cache-Control", "no-store", CacheStatus.NAME, CacheStatus.BYPASS);

    private static final List<Header> PLAIN = List.of(AcceptEncoding.VARY);
    private static final List<Header> GZIPPED = List.of(AcceptEncoding.VARY, AcceptEncoding.GZIP);

    private LiveReply() {}

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

    static byte[] written(Reply.Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a write", e);
        }
        return out.toByteArray();
    }
}
