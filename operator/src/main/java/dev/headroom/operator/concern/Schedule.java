package dev.headroom.operator.concern;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a concern runs for one resource: at once when it is new, changed or woken; soon after a failure and ever later while it
 * lasts, for ever; otherwise when the concern asked to, and at least every few minutes, so that drift is found. Jitter spreads
 * many resources out.
 */
final class Schedule {

    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LAST_RETRY = Duration.ofMinutes(1);
    private static final double JITTER = 0.2;

    private final Duration longest;
    private final DoubleSupplier random;
    private Instant next = Instant.MIN;
    private @Nullable Object version;
    private int failures;

    /** @param random from 0 to 1; all times are of a steady clock */
    Schedule(Duration longest, DoubleSupplier random) {
        this.longest = longest;
        this.random = random;
    }

    /** @param current the version of what the user decides: a run for another version is outdated */
    synchronized boolean isDue(Object current, Instant now) {
        return !current.equals(version) || !now.isBefore(next);
    }

    synchronized Instant next() {
        return next;
    }

    /** Something happened that makes a run worthwhile. */
    synchronized void wake() {
        next = Instant.MIN;
    }

    /** A run begins: a wake-up from here on asks for one more. */
    synchronized void begin(Object current) {
        version = current;
        next = Instant.MAX;
    }

    synchronized void succeeded(Duration wish, Instant now) {
        failures = 0;
        plan(sooner(wish, longest), now);
    }

    synchronized void failed(Instant now) {
        Duration backoff = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, 20));
        plan(sooner(backoff, sooner(LAST_RETRY, longest)), now);
    }

    private void plan(Duration delay, Instant now) {
        Instant planned = now.plusMillis((long) (delay.toMillis() * (1 - JITTER * random.getAsDouble())));
        if (planned.isBefore(next)) {
            next = planned;
        }
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
