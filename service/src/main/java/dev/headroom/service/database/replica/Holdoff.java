package dev.headroom.service.database.replica;

import java.time.Duration;

/**
 * How long to leave a server alone that looks well but fails: twice as long each time, up to a limit, and from the
 * start again once it has done well for that long.
 */
final class Holdoff {

    private final long leastNanos;
    private final long mostNanos;
    private long delay;
    private long until = Long.MIN_VALUE;
    private boolean ever;

    Holdoff(Duration least, Duration most) {
        this.leastNanos = least.toNanos();
        this.mostNanos = most.toNanos();
        this.delay = leastNanos;
    }

    synchronized void failed(long now) {
        boolean again = ever && now - until < mostNanos;
        delay = again ? Math.min(mostNanos, delay * 2) : leastNanos;
        until = now + delay;
        ever = true;
    }

    synchronized boolean over(long now) {
        return !ever || now - until >= 0;
    }
}
