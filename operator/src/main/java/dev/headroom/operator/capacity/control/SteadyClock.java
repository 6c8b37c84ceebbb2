package dev.headroom.operator.capacity.control;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Begins at the time of day and then only counts: rates must not see the time of day being set. */
public final class SteadyClock extends Clock {

    private final Instant began = Instant.now();
    private final long nanos = System.nanoTime();

    private SteadyClock() {}

    public static Clock start() {
        return new SteadyClock();
    }

    @Override
    public Instant instant() {
        return began.plusNanos(System.nanoTime() - nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.systemUTC().withZone(zone);
    }
}
