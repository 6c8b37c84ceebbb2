package dev.headroom.service.cache;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Warnings about one thing, at most one a minute: a full Redis is worth a line, not a line per request. */
final class Complaints {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private final LongSupplier nanos;
    private final AtomicLong quietUntil;

    Complaints(System.Logger log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.quietUntil = new AtomicLong(nanos.getAsLong());
    }

    /** Whether it was said. */
    boolean say(String what) {
        long now = nanos.getAsLong();
        long until = quietUntil.get();
        boolean due = now - until >= 0 && quietUntil.compareAndSet(until, now + PAUSE);
        if (due) {
            log.log(System.Logger.Level.WARNING, "{0} (said at most once a minute)", what);
        }
        return due;
    }
}
