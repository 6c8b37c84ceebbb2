package dev.headroom.service.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Warnings about one thing, at most one a minute: a full Redis is worth a line, not a line per request. */
public final class Complaints {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private final LongSupplier nanos;
    private final long ahead;
    /** Until when every minute has had its warning. */
    private final AtomicLong saidUntil;

    public Complaints(System.Logger log, LongSupplier nanos) {
        this(log, nanos, 1);
    }

    /** @param atOnce so many may come without a pause after a time without any */
    public Complaints(System.Logger log, LongSupplier nanos, int atOnce) {
        this.log = log;
        this.nanos = nanos;
        this.ahead = (atOnce - 1) * PAUSE;
        this.saidUntil = new AtomicLong(nanos.getAsLong());
    }

    public void say(String what) {
        if (due()) {
            log.log(System.Logger.Level.WARNING, "{0} (said at most once a minute)", what);
        }
    }

    /** Whether a warning may be given now; then it counts as given. */
    public boolean due() {
        long now = nanos.getAsLong();
        long until = saidUntil.get();
        return until - now <= ahead && saidUntil.compareAndSet(until, (until - now > 0 ? until : now) + PAUSE);
    }
}
