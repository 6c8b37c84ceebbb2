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
    private final List<byte[]> tail;
    private final long length;

    FacetAnswer(byte[] head, ItemStore items, int[] page, List<byte[]> tail) {
        this.head = head;
        this.items = items;
        this.page = page;
        this.tail = tail;
        long sum = head.length + (long) Math.max(0, page.length - 1);
        for (byte[] piece : tail) {
            sum += piece.length;
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
        for (int i = 0; i < page.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            items.write(page[i], out);
        }
        for (byte[] piece : tail) {
            out.write(piece);
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
        for (byte[] piece : tail) {
            System.arraycopy(piece, 0, whole, at, piece.length);
            at += piece.length;
        }
        return whole;
    }
}
