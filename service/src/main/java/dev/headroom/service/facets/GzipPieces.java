package dev.headroom.service.facets;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * One gzip stream of many pieces. What was compressed before goes out as it is, so that most of a large answer is
 * compressed for nobody's request: the format is a row of blocks, of which only the sum is made over all.
 */
final class GzipPieces extends OutputStream {
    /** Deflate, no name, no time, no system. */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** Of a filtered answer a sixth less than the quickest level leaves, for the same time. */
    private static final int LEVEL = 4;

    private final OutputStream out;
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final DeflaterOutputStream packed;
    private final CRC32 sum = new CRC32();
    private long length;

    GzipPieces(OutputStream out) throws IOException {
        this.out = out;
        this.packed = new DeflaterOutputStream(out, deflater, 8 << 10, true);
        out.write(HEAD);
    }

    void write(Piece piece) throws IOException {
        byte[] deflated = piece.deflated();
        if (deflated == null) {
            write(piece.bytes());
        } else {
            write(deflated, counted -> counted.write(piece.bytes()));
        }
    }

    /**
     * Puts in what was compressed before.
     *
     * @param plain writes the same uncompressed, of which only the sum is made
     */
    void write(byte[] deflated, Piece.Writing plain) throws IOException {
        packed.flush();
        deflater.reset(); // what follows must not look back: it would count this piece as nothing
        out.write(deflated);
        plain.to(new Counting());
    }

    private final class Counting extends OutputStream {
        @Override
        public void write(byte[] bytes, int from, int count) {
            count(bytes, from, count);
        }

        @Override
        public void write(int oneByte) {
            count(new byte[] {(byte) oneByte}, 0, 1);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        packed.write(bytes, from, count);
        count(bytes, from, count);
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    private void count(byte[] bytes, int from, int count) {
        sum.update(bytes, from, count);
        length += count;
    }

    /** Ends the stream; what it was written to stays open. */
    @Override
    public void close() throws IOException {
        try {
            packed.finish();
            little(sum.getValue());
            little(length);
        } finally {
            deflater.end();
        }
    }

    private void little(long number) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write((int) (number >> shift));
        }
    }
}
