package dev.headroom.operator.concern;

import java.time.Instant;
import java.time.InstantSource;

/** Begins at the time of day and then only counts: neither a rate nor a waiting time may see that the time of day is set. */
public final class SteadyTime implements InstantSource {

    private final Instant began = Instant.now();
    private final long beganNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return began.plusNanos(System.nanoTime() - beganNanos);
    }
}
