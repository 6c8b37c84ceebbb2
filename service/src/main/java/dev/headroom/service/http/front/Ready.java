package dev.headroom.service.http.front;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** An answer in bytes, and how much of it has been sent. */
public final class Ready {
    private final byte[] head;
    private final byte[] body;
    private int sent;

    public Ready(byte[] head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /**
     * Sends as much as the socket takes now.
     *
     * @param space to put it together in: head and body of a small answer leave in one packet
     * @return whether that was all
     */
    boolean sendTo(SocketChannel channel, ByteBuffer space) throws IOException {
        int all = head.length + body.length;
        while (sent < all) {
            space.clear();
            if (sent < head.length) {
                space.put(head, sent, Math.min(space.remaining(), head.length - sent));
            }
            int from = Math.max(0, sent - head.length);
            space.put(body, from, Math.min(space.remaining(), body.length - from));
            space.flip();
            int wrote = channel.write(space);
            sent += wrote;
            if (space.hasRemaining()) {
                return false;
            }
        }
        return true;
    }
}
