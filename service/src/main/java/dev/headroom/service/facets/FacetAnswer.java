package dev.headroom.service.facets;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * An answer as pieces that exist already: what stands before the items, the items, what stands after them. Its length is
 * known before its first byte is written, so that it can be sent without being put together when it is large.
 */
public final class FacetAnswer {
    private final byte[] head;
    private final ItemStore items;
    private final int[] page;
    private final List<Piece> tail;
    private final long length;

    FacetAnswer(byte[] head, ItemStore items, int[] page, List<Piece> tail) {
        this.head = head;
        this.items = items;
        this.page = page;
        this.tail = tail;
        long sum = head.length + (long) Math.max(0, page.length - 1);
        for (Piece piece : tail) {
            sum += piece.bytes().length;
        }
        for (int position : page) {
            sum += items.length(position);
        }
        this.length = sum;
    }

    public long length() {
        return length;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(head);
        items.write(page, out);
        for (Piece piece : tail) {
            out.write(piece.bytes());
        }
    }

    /** The same compressed, whose length nobody knows before. */
    public void writeGzipTo(OutputStream out) throws IOException {
        try (GzipPieces gzip = new GzipPieces(out)) {
            gzip.write(head);
            if (page.length == items.size()) {
                gzip.write(items.packed(), counted -> items.write(page, counted));
            } else {
                items.write(page, gzip);
            }
            for (Piece piece : tail) {
                gzip.write(piece);
            }
        }
    }

    public byte[] toBytes() {
        byte[] whole = new byte[Math.toIntExact(length)];
        System.arraycopy(head, 0, whole, 0, head.length);
        int at = head.length;
        for (int i = 0; i < page.length; i++) {
            if (i > 0) {
                whole[at++] = ',';
            }
            at = items.copy(page[i], whole, at);
        }
        for (Piece piece : tail) {
            System.arraycopy(piece.bytes(), 0, whole, at, piece.bytes().length);
            at += piece.bytes().length;
        }
        return whole;
    }
}
