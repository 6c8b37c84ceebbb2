package dev.headroom.service.cache.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** One answer as it is served, however old. Never changed once made, and the same bytes in process and in Redis. */
public final class Entry {
    private static final int WORTH_GZIP = 1024;
    /** Object headers, references, validators, stamp, the nodes in two maps: what an entry weighs besides bytes and key. */
    private static final int OVERHEAD = 660;

    private final boolean found;
    private final byte[] body;
    private final byte @Nullable [] gzip;
    private final String digest;
    private final String etag;
    private final String gzipEtag;
    private final long computeMicros;

    public Entry(boolean found, byte[] body, byte @Nullable [] gzip, String digest, long computeMicros) {
        this.found = found;
        this.body = body;
        this.gzip = gzip;
        this.digest = digest;
        this.etag = '"' + digest + '"';
        this.gzipEtag = '"' + digest + "-gzip\"";
        this.computeMicros = computeMicros;
    }

    /** False for the answer "there is no such row", which is kept as well, if briefly. */
    public boolean found() {
        return found;
    }

    /** To be read, never written. */
    public byte[] body() {
        return body;
    }

    /** The body compressed; null where that does not pay. */
    public byte @Nullable [] gzip() {
        return gzip;
    }

    /** 16 bytes of a digest over the body, in hexadecimal. */
    public String digest() {
        return digest;
    }

    /** The strong validator of the body, quoted as the header wants it. */
    public String etag() {
        return etag;
    }

    /** That of the compressed body: other bytes, so another validator. */
    public String gzipEtag() {
        return gzipEtag;
    }

    public long computeMicros() {
        return computeMicros;
    }

    public static Entry of(byte[] body, long computeMicros) {
        return new Entry(true, body, body.length < WORTH_GZIP ? null : smaller(body), digest(body), computeMicros);
    }

    /** The same answer, computed again: nothing of it needs to be made anew. */
    public Entry again(long micros) {
        return new Entry(found, body, gzip, digest, micros);
    }

    public static Entry missing(long computeMicros) {
        return new Entry(false, new byte[0], null, digest(new byte[0]), computeMicros);
    }

    public int weight() {
        return OVERHEAD + body.length + (gzip == null ? 0 : gzip.length);
    }

    private static byte @Nullable [] smaller(byte[] body) {
        var bytes = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a write", e);
        }
        return bytes.size() < body.length - body.length / 10 ? bytes.toByteArray() : null;
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
