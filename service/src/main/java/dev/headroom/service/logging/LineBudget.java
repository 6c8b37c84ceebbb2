package dev.headroom.service.logging;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * So many lines about one thing in ten seconds. A slow database is worth some of them, not a full disk; what goes beyond
 * is counted, and told as a number when the ten seconds are over, so that nothing is lost without a word.
 */
public final class LineBudget implements AutoCloseable {
    /** As messages say it. */
    public static final int SECONDS = 10;

    private final int most;
    private final LongConsumer unwritten;
    private final Executor later;
    private int written;
    private long beyond;

    /**
     * A budget that begins with its first line, again and again.
     *
     * @param most at least one
     * @param unwritten is told how many lines were not written, where there were some
     */
    public LineBudget(int most, LongConsumer unwritten) {
        this(most, unwritten, CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS, Thread::startVirtualThread));
    }

    /** @param later runs what it is given once the ten seconds are over */
    LineBudget(int most, LongConsumer unwritten, Executor later) {
        this.most = most;
        this.unwritten = unwritten;
        this.later = later;
    }

    /** Whether there is a line left; then it is spent, else it is counted. */
    public synchronized boolean spend() {
        if (written == 0) {
            later.execute(this::close);
        }
        if (written < most) {
            written++;
            return true;
        }
        beyond++;
        return false;
    }

    /** Ends the ten seconds now: at their end, and when nobody would wait for it. */
    @Override
    public void close() {
        long left;
        synchronized (this) {
            left = beyond;
            written = 0;
            beyond = 0;
        }
        if (left > 0) {
            unwritten.accept(left);
        }
    }
}
