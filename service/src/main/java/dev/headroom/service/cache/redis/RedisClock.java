package dev.headroom.service.cache.redis;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What Redis' clock shows at moments of our own monotonic one, as far as its last answer tells. Needed for whatever holds
 * only when it is sent: a Redis that was frozen may read it any time later.
 */
public final class RedisClock {
    private final LongSupplier nanos;
    private volatile @Nullable Reading last;

    /** It showed {@code millis} at a moment between these two. */
    private record Reading(long millis, long asked, long answered) {}

    public RedisClock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public long nanos() {
        return nanos.getAsLong();
    }

    /**
     * Redis' clock showed this just now.
     *
     * @param asked when the question was sent whose answer this is
     */
    public void read(long millis, long asked) {
        last = new Reading(millis, asked, nanos.getAsLong());
    }

    /** In milliseconds, no later than it was there at that moment; empty as long as it has not told. */
    public OptionalLong atLeast(long moment) {
        Reading reading = last;
        return reading == null
                ? OptionalLong.empty()
                : OptionalLong.of(reading.millis() + TimeUnit.NANOSECONDS.toMillis(moment - reading.answered()) - 1);
    }

    /** No earlier than it was there. */
    public OptionalLong atMost(long moment) {
        Reading reading = last;
        return reading == null
                ? OptionalLong.empty()
                : OptionalLong.of(reading.millis() + TimeUnit.NANOSECONDS.toMillis(moment - reading.asked()) + 2);
    }
}
