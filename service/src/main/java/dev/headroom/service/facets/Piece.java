package dev.headroom.service.facets;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** A part of an answer. */
final class Piece {
    private final byte[] bytes;
    private final byte @Nullable [] deflated;

    private Piece(byte[] bytes, byte @Nullable [] deflated) {
        this.bytes = bytes;
        this.deflated = deflated;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * The compressed form, which begins and ends with a byte and looks back at nothing before it; null where it is made with
     * the answer.
     */
    byte @Nullable [] deflated() {
        return deflated;
    }

    static Piece of(byte[] bytes) {
        return new Piece(bytes, null);
    }

    /** One that stands in many answers: it is compressed once for all of them. */
    static Piece lasting(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            ByteArrayOutputStream deflated = new ByteArrayOutputStream(bytes.length / 4 + 64);
            byte[] buffer = new byte[8 << 10];
            int made;
            do {
                made = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                deflated.write(buffer, 0, made);
            } while (made == buffer.length);
            return new Piece(bytes, deflated.toByteArray());
        } finally {
            deflater.end();
        }
    }
}
