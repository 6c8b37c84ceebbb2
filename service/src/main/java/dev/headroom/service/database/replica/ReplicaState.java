package dev.headroom.service.database.replica;

import java.time.Duration;

/**
 * Whether a replica is in use, and how long it is left alone after statements failed on it although it looks well: twice as
 * long each time, up to a limit, and from the start again once it has done well for that long.
 *
 * <p>Each time that it is taken into use begins a period. However many statements fail in one, they end it once and count
 * once; one that fails after its period says nothing about the next (docs/decisions/0102).
 */
final class ReplicaState {
    /** The period of a replica that is not in use. */
    static final long NONE = 0;

    private final long shortestNanos;
    private final long longestNanos;
    private long lastPeriod = NONE;
    private volatile long period = NONE;
    private boolean everFailed;
    private long pause;
    private long pauseEnds;

    ReplicaState(Duration shortest, Duration longest) {
        this.shortestNanos = shortest.toNanos();
        this.longestNanos = longest.toNanos();
    }

    /** The present period, or {@link #NONE}. */
    long period() {
        return period;
    }

    /** The server was looked at and is well. True: it is in use from now on, and was not before. */
    synchronized boolean begin(long now) {
        if (period != NONE || (everFailed && now - pauseEnds < 0)) {
            return false;
        }
        lastPeriod++;
        period = lastPeriod;
        return true;
    }

    /** The server was looked at and is not well; whoever looks sees for himself when it is. True: it was in use until now. */
    synchronized boolean end() {
        boolean wasInUse = period != NONE;
        period = NONE;
        return wasInUse;
    }

    /** A statement that began in this period failed. True: the replica was in use until now. */
    synchronized boolean fail(long in, long now) {
        if (in == NONE || in != period) {
            return false;
        }
        boolean again = everFailed && now - pauseEnds < longestNanos;
        pause = again ? Math.min(longestNanos, 2 * pause) : shortestNanos;
        pauseEnds = now + pause;
        everFailed = true;
        return end();
    }
}
