package dev.headroom.service.http.front;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent, on its way from the loop that read it to the thread that understands it. It says whose turn it is:
 * while it is idle nobody answers, and the loop may.
 */
final class Inbox {
    /** A client that sends more than is read waits. */
    private static final int ENOUGH = 64 << 10;

    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private final Runnable roomAgain;
    private int bytes;
    private boolean ended;
    /** Set by the thread that takes, when it waits for a new request; reset by the loop alone, when it puts. */
    private volatile boolean idle = true;

    private volatile @Nullable Thread taker;
    private volatile long waitedForSince = System.nanoTime();

    /** @param roomAgain is run after {@link #put} said that there is none */
    Inbox(Runnable roomAgain) {
        this.roomAgain = roomAgain;
    }

    boolean isIdle() {
        return idle;
    }

    /** Whether somebody waits for bytes: of the next request, or of the rest of one. */
    boolean isWaitedFor() {
        return idle || taker != null;
    }

    /** When somebody last began to. */
    long waitedForSince() {
        return waitedForSince;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether there is room for more. */
    boolean put(byte[] chunk) {
        boolean room;
        synchronized (this) {
            idle = false;
            chunks.add(chunk);
            bytes += chunk.length;
            room = bytes < ENOUGH;
        }
        LockSupport.unpark(taker);
        return room;
    }

    /** Nothing more will come. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        LockSupport.unpark(taker);
    }

    /**
     * The next bytes, or null when nothing more will come.
     *
     * @param nextRequest whether they will begin one: then it is the loop's turn until they come
     */
    byte @Nullable [] take(boolean nextRequest) {
        waitedForSince = System.nanoTime(); // before it is idle
        byte[] chunk = poll(nextRequest);
        if (chunk != null) {
            return chunk;
        }
        taker = Thread.currentThread();
        try {
            while ((chunk = poll(nextRequest)) == null && !hasEnded() && !Thread.interrupted()) {
                LockSupport.park(this);
            }
            return chunk;
        } finally {
            taker = null;
        }
    }

    private byte @Nullable [] poll(boolean nextRequest) {
        boolean wasFull;
        byte[] chunk;
        synchronized (this) {
            chunk = chunks.poll();
            if (chunk == null) {
                idle = nextRequest && !ended;
                return null;
            }
            wasFull = bytes >= ENOUGH;
            bytes -= chunk.length;
            wasFull &= bytes < ENOUGH;
        }
        if (wasFull) {
            roomAgain.run();
        }
        return chunk;
    }
}
