package dev.headroom.service.cache.shared;

import dev.headroom.service.cache.entry.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Entries as bytes for Redis: {@code 'H' version flags etag(32) micros(8) body-length(4) gzip-length(4) body gzip crc(4)}.
 * Another version, a truncated value or somebody else's bytes read as nothing, never as an answer.
 */
public final class EntryCodec {
    private static final byte MAGIC = 'H';
    /** Part of an entry's name in Redis as well: an older instance and a newer one do not overwrite each other's. */
    public static final byte VERSION = 1;

    private static final int FOUND = 1;
    private static final int ETAG = 32;
    private static final int HEAD = 3 + ETAG + 8 + 4 + 4;
    private static final int CRC = 4;

    private EntryCodec() {}

    public static byte[] write(Entry entry) {
        byte[] gzip = entry.gzip() == null ? new byte[0] : entry.gzip();
        var out = ByteBuffer.allocate(HEAD + entry.body().length + gzip.length + CRC);
        out.put(MAGIC).put(VERSION).put((byte) (entry.found() ? FOUND : 0));
        out.put(entry.digest().getBytes(StandardCharsets.US_ASCII));
        out.putLong(entry.computeMicros())
                .putInt(entry.body().length)
                .putInt(gzip.length)
                .put(entry.body())
                .put(gzip);
        return out.putInt(crc(out.array(), out.position())).array();
    }

    static Optional<Entry> read(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD + CRC || in.get() != MAGIC || in.get() != VERSION) {
            return Optional.empty();
        }
        boolean found = (in.get() & FOUND) != 0;
        byte[] etag = new byte[ETAG];
        in.get(etag);
        long micros = in.getLong();
        int body = in.getInt();
        int gzip = in.getInt();
        boolean whole = body >= 0 && gzip >= 0 && (long) HEAD + body + gzip + CRC == bytes.length;
        if (!whole || in.getInt(bytes.length - CRC) != crc(bytes, bytes.length - CRC)) {
            return Optional.empty();
        }
        byte[] plain = new byte[body];
        byte[] packed = new byte[gzip];
        in.get(plain).get(packed);
        return Optional.of(new Entry(
                found, plain, gzip == 0 ? null : packed, new String(etag, StandardCharsets.US_ASCII), micros));
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
