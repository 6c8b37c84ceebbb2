package dev.headroom.service.facets;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The JSON of every item, by position: a few large arrays instead of one small one per item. Immutable once built. */
final class ItemStore {
    /** Large enough that what is left free at the end of each is little. */
    private static final int CHUNK = 4 << 20;

    private final byte[][] chunks;
    private final int[] chunk;
    private final int[] start;
    private final int[] length;

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
