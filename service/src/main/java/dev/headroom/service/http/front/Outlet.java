package dev.headroom.service.http.front;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Writes for one thread, which waits where the client reads slowly. */
final class Outlet extends OutputStream implements DataWriter {
    /** The JDK copies what is sent to memory of its own, which it keeps: not all of a large answer at once. */
    private static final int PIECE = 128 << 10;

    private final SocketChannel channel;
    private final Runnable tellWhenWritable;
    private volatile boolean writable;
    private volatile @Nullable Thread waiting;
    private volatile long waitingSince = System.nanoTime();

    Outlet(SocketChannel channel, Runnable tellWhenWritable) {
        this.channel = channel;
        this.tellWhenWritable = tellWhenWritable;
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** When it last began to. */
    long waitingSince() {
        return waitingSince;
    }

    void writable() {
        writable = true;
        LockSupport.unpark(waiting);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
        int end = from + length;
        while (rest.position() < end) {
            rest.limit(Math.min(end, rest.position() + PIECE));
            if (channel.write(rest) == 0) {
                await();
            }
        }
    }

    private void await() throws IOException {
        writable = false;
        waitingSince = System.nanoTime();
        waiting = Thread.currentThread();
        try {
            tellWhenWritable.run();
            while (!writable) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new ClosedChannelException();
                }
            }
        } finally {
            waiting = null;
        }
    }

    @Override
    public void write(BufferData... parts) {
        for (BufferData part : parts) {
            write(part);
        }
    }

    @Override
    public void write(BufferData bytes) {
        bytes.writeTo(this);
    }

    @Override
    public void writeNow(BufferData... parts) {
        write(parts);
    }

    @Override
    public void writeNow(BufferData bytes) {
        write(bytes);
    }
}
