package dev.headroom.service.cache.redis;

import dev.headroom.service.settings.Durations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A circuit breaker that keeps requests away from a Redis that fails or is slow. Closed: all calls pass. It opens after a
 * few failures in a row, or when half of the latest calls were slow. Open: none pass until a pause is over. Half-open: one
 * probe passes at a time; a quick answer closes the circuit (after slowness it takes several), any other opens it for twice
 * as long. The model is docs/decisions/0093.
 */
public final class Circuit {
    private static final int FAILURES_TO_OPEN = 3;

    /** The latest calls that count. More than the connections of a standard pool, which one pause of ours makes slow. */
    static final int WINDOW = 40;

    static final int SLOW_TO_OPEN = WINDOW / 2;

    /** Quick probes that close a circuit which slowness opened: one quick answer proves little. */
    static final int QUICK_TO_CLOSE = 3;

    private static final long CLOSED = Long.MIN_VALUE;

    private final Times times;
    private final LongSupplier nanos;
    private final Consumer<String> opened;
    private final Runnable closed;
    private final AtomicLong probeAt = new AtomicLong(CLOSED);
    private volatile int failures;
    /** The latest calls, one bit each, the last call in the lowest: set where it was slow. */
    private volatile long slowCalls;

    private volatile boolean probing;
    private int quickToClose;
    private long pauseNanos;

    /**
     * When it opens and for how long.
     *
     * @param slowCall a call that takes longer is slow
     * @param shortestPause how long it stays open at first
     * @param longestPause how long at most
     */
    public record Times(Duration slowCall, Duration shortestPause, Duration longestPause) {}

    /**
     * One that is closed.
     *
     * @param opened is told the reason, once each time that it opens: the log says it once, not a thousand times
     * @param closed is run once each time that it closes
     */
    public Circuit(Times times, LongSupplier nanos, Consumer<String> opened, Runnable closed) {
        this.times = times;
        this.nanos = nanos;
        this.opened = opened;
        this.closed = closed;
        this.pauseNanos = times.shortestPause().toNanos();
    }

    public boolean isClosed() {
        return probeAt.get() == CLOSED;
    }

    /** Whether a call may go through. */
    public enum Passage {
        /** The circuit is closed. */
        CLOSED,
        /** It is half-open, and this call decides what becomes of it. */
        PROBE,
        REFUSED
    }

    /** Whether this call may go through; then {@link #answered}, {@link #failed}, or of a probe {@link #undecided} follows. */
    public Passage passage() {
        long at = probeAt.get();
        if (at == CLOSED) {
            return Passage.CLOSED;
        }
        long now = nanos.getAsLong();
        // Whoever moves the moment on is the one probe; for all others it has not come yet.
        boolean probe = now - at >= 0
                && probeAt.compareAndSet(at, now + times.longestPause().toNanos());
        if (probe) {
            probing = true;
        }
        return probe ? Passage.PROBE : Passage.REFUSED;
    }

    /** The call was answered after so long. */
    public void answered(long tookNanos) {
        boolean slow = tookNanos > times.slowCall().toNanos();
        if (slow || slowCalls != 0 || failures > 0 || !isClosed()) {
            count(slow);
        }
    }

    private synchronized void count(boolean slow) {
        if (isClosed()) {
            failures = 0;
            slowCalls = (slowCalls << 1 | (slow ? 1 : 0)) & ((1L << WINDOW) - 1);
            if (Long.bitCount(slowCalls) >= SLOW_TO_OPEN) {
                open(QUICK_TO_CLOSE);
                opened.accept(SLOW_TO_OPEN + " of its last " + WINDOW + " answers took longer than redis.slow-call ("
                        + Durations.format(times.slowCall()) + ")");
            }
        } else if (probing) { // else the call began before the circuit opened and says nothing new
            probing = false;
            if (slow) {
                openForLonger();
            } else if (--quickToClose > 0) {
                probeAt.set(nanos.getAsLong());
            } else {
                close();
            }
        }
    }

    private void open(int quickProbes) {
        quickToClose = quickProbes;
        probeAt.set(nanos.getAsLong() + pauseNanos);
    }

    private void openForLonger() {
        pauseNanos = Math.min(times.longestPause().toNanos(), 2 * pauseNanos);
        probeAt.set(nanos.getAsLong() + pauseNanos);
    }

    private void close() {
        failures = 0;
        slowCalls = 0;
        pauseNanos = times.shortestPause().toNanos();
        probeAt.set(CLOSED);
        closed.run();
    }

    /** The probe ended in a way that says nothing about Redis; the next one comes after a pause. */
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
                open(1);
                opened.accept(why);
            }
        } else if (probing) {
            probing = false;
            openForLonger();
        } // else it began before the circuit opened: one outage under load is not many outages
        return !isClosed();
    }
}
