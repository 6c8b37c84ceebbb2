package dev.headroom.service.facets;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The JSON of every item, by position: a few large arrays instead of one small one per item. Never changed once built. */
final class ItemStore {
    /** Large enough that what is left free at the end of each is little. */
    private static final int CHUNK = 4 << 20;

    private final byte[][] chunks;
    private final int[] chunk;
    private final int[] start;
    private final int[] length;

    /** All items as they stand in an answer, compressed; made when it is first asked for. */
    private byte @Nullable [] packed;

    private ItemStore(byte[][] chunks, int[] chunk, int[] start, int[] length) {
        this.chunks = chunks;
        this.chunk = chunk;
        this.start = start;
        this.length = length;
    }

    int size() {
        return length.length;
    }

    int length(int position) {
        return length[position];
    }

    void write(int position, OutputStream out) throws IOException {
        out.write(chunks[chunk[position]], start[position], length[position]);
    }

    /** Puts an item at an index of the target, which has room for it; answers the index after it. */
    int copy(int position, byte[] target, int at) {
        System.arraycopy(chunks[chunk[position]], start[position], target, at, length[position]);
        return at + length[position];
    }

    /** Writes some items as they stand in an answer, with commas between them. */
    void write(int[] page, OutputStream out) throws IOException {
        for (int i = 0; i < page.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            write(page[i], out);
        }
    }

    /**
     * All items, compressed thoroughly: a front end loads them unpaged, so that this is done once for many requests. The
     * form is that of {@link Piece#deflated}.
     */
    synchronized byte[] packed() {
        byte[] there = packed;
        if (there == null) {
            there = Piece.deflated(out -> write(IntStream.range(0, size()).toArray(), out));
            packed = there;
        }
        return there;
    }

    void update(MessageDigest digest) {
        for (int position = 0; position < size(); position++) {
            digest.update(chunks[chunk[position]], start[position], length[position]);
            digest.update((byte) ',');
        }
    }

    static final class Builder {
        private final List<byte[]> chunks = new ArrayList<>();
        private int[] chunk = new int[1024];
        private int[] start = new int[1024];
        private int[] length = new int[1024];
        private byte[] current = new byte[0];
        private int used;
        private int size;

        int size() {
            return size;
        }

        void add(byte[] json) {
            if (current.length - used < json.length) {
                finishChunk();
                current = new byte[Math.max(CHUNK, json.length)];
                used = 0;
            }
            if (size == length.length) {
                chunk = Arrays.copyOf(chunk, size * 2);
                start = Arrays.copyOf(start, size * 2);
                length = Arrays.copyOf(length, size * 2);
            }
            System.arraycopy(json, 0, current, used, json.length);
            chunk[size] = chunks.size();
            start[size] = used;
            length[size] = json.length;
            used += json.length;
            size++;
        }

        ItemStore build() {
            finishChunk();
            return new ItemStore(
                    chunks.toArray(byte[][]::new),
                    Arrays.copyOf(chunk, size),
                    Arrays.copyOf(start, size),
                    Arrays.copyOf(length, size));
        }

        private void finishChunk() {
            if (used > 0) {
                chunks.add(used == current.length ? current : Arrays.copyOf(current, used));
                used = 0;
            }
            current = new byte[0];
        }
    }
}
