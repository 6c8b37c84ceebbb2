package dev.headroom.service.cache.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps requests away from a Redis that does not answer. Closed: all pass. After a few failures in a row it is open:
 * none pass, until a pause is over; then one probe passes, whose end closes it or opens it for twice as long.
 */
public final class Circuit {
    private static final int FAILURES_TO_OPEN = 3;
    private static final long CLOSED = Long.MIN_VALUE;

    private final long shortestNanos;
    private final long longestNanos;
    private final LongSupplier nanos;
    private final Consumer<String> opened;
    private final Runnable closed;
    private final AtomicLong probeAt = new AtomicLong(CLOSED);
    private volatile int failures;
    private volatile boolean probing;
    private long pauseNanos;

    /**
     * One that is closed.
     *
     * @param opened is told the reason, once each time that it opens: the log says it once, not a thousand times
     * @param closed is run once each time that it closes
     */
    public Circuit(Duration shortest, Duration longest, LongSupplier nanos, Consumer<String> opened, Runnable closed) {
        this.shortestNanos = shortest.toNanos();
        this.longestNanos = longest.toNanos();
        this.nanos = nanos;
        this.opened = opened;
        this.closed = closed;
        this.pauseNanos = shortestNanos;
    }

    public boolean isClosed() {
        return probeAt.get() == CLOSED;
    }

    /** Whether this call may go through; then one of {@link #succeeded}, {@link #failed} and {@link #undecided} follows. */
    public boolean passes() {
        long at = probeAt.get();
        if (at == CLOSED) {
            return true;
        }
        long now = nanos.getAsLong();
        // Whoever moves the moment on is the one probe; for all others it has not come yet.
        boolean probe = now - at >= 0 && probeAt.compareAndSet(at, now + longestNanos);
        probing |= probe;
        return probe;
    }

    public void succeeded() {
        if (failures > 0 || !isClosed()) {
            recovered();
        }
    }

    private synchronized void recovered() {
        failures = 0;
        probing = false;
        pauseNanos = shortestNanos;
        if (probeAt.getAndSet(CLOSED) != CLOSED) {
            closed.run();
        }
    }

    /** The call failed for a reason that says nothing about Redis; if it was the probe, the next one comes after a pause. */
    public synchronized void undecided() {
        if (probing) {
            probing = false;
            probeAt.set(nanos.getAsLong() + pauseNanos);
        }
    }

    /** Whether it is open now. */
    public synchronized boolean failed(String why) {
        failures++;
        if (isClosed()) {
            if (failures >= FAILURES_TO_OPEN) {
                probeAt.set(nanos.getAsLong() + pauseNanos);
                opened.accept(why);
            }
        } else if (probing) {
            probing = false;
            pauseNanos = Math.min(longestNanos, 2 * pauseNanos);
            probeAt.set(nanos.getAsLong() + pauseNanos);
        } // else it began before the circuit opened: one outage under load is not many outages
        return !isClosed();
    }
}
