package dev.headroom.service.facets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/** A part of an answer. */
final class Piece {
    private final byte[] bytes;
    private final byte @Nullable [] deflated;

    private Piece(byte[] bytes, byte @Nullable [] deflated) {
        this.bytes = bytes;
        this.deflated = deflated;
    }

    /** Writes what is to be compressed or counted. */
    @FunctionalInterface
    interface Writing {
        void to(OutputStream out) throws IOException;
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
        return new Piece(bytes, deflated(out -> out.write(bytes)));
    }

    /** Compresses thoroughly what many answers have; the form is that of {@link #deflated()}. */
    static byte[] deflated(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, 8 << 10, true);
            writing.to(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a write", e);
        } finally {
            deflater.end();
        }
    }
}
