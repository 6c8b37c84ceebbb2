package dev.headroom.service.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps requests away from a Redis that does not answer. Closed: all pass. After a few failures in a row it is open:
 * none pass, until a pause is over; then one probe passes, whose end closes it or opens it for twice as long.
 */
final class Circuit {
    private static final int FAILURES_TO_OPEN = 3;
    private static final long CLOSED = Long.MIN_VALUE;

    private final long shortestNanos;
    private final long longestNanos;
    private final LongSupplier nanos;
    private final Runnable opened;
    private final Runnable closed;
    private final AtomicLong probeAt = new AtomicLong(CLOSED);
    private int failures;
    private long pauseNanos;

    /** @param opened told once when it opens, {@code closed} once when it closes: the log says it once, not a thousand times */
    Circuit(Duration shortest, Duration longest, LongSupplier nanos, Runnable opened, Runnable closed) {
        this.shortestNanos = shortest.toNanos();
        this.longestNanos = longest.toNanos();
        this.nanos = nanos;
        this.opened = opened;
        this.closed = closed;
        this.pauseNanos = shortestNanos;
    }

    boolean isClosed() {
        return probeAt.get() == CLOSED;
    }

    /** Whether this call may go through; when it may, its end must be told. */
    boolean passes() {
        long at = probeAt.get();
        if (at == CLOSED) {
            return true;
        }
        long now = nanos.getAsLong();
        // Who moves the moment on is the one probe; the others see a moment that is not there yet.
        return now - at >= 0 && probeAt.compareAndSet(at, now + longestNanos);
    }

    synchronized void succeeded() {
        failures = 0;
        pauseNanos = shortestNanos;
        if (probeAt.getAndSet(CLOSED) != CLOSED) {
            closed.run();
        }
    }

    synchronized void failed() {
        failures++;
        if (!isClosed()) {
            pauseNanos = Math.min(longestNanos, 2 * pauseNanos);
            probeAt.set(nanos.getAsLong() + pauseNanos);
        } else if (failures >= FAILURES_TO_OPEN) {
            probeAt.set(nanos.getAsLong() + pauseNanos);
            opened.run();
        }
    }
}
