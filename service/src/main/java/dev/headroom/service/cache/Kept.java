package dev.headroom.service.cache;

import dev.headroom.service.cache.Generations.Stamp;
import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.catalog.CachePolicy;
import java.util.concurrent.TimeUnit;

/** An entry in this process: when it was made on the monotonic clock, and what had been heard by then. */
final class Kept {
    /** How far an entry may be used; each state allows what the ones after it allow. */
    enum State {
        FRESH,
        STALE,
        SPARE,
        GONE
    }

    private final Entry entry;
    private final Stamp stamp;
    private final long madeNanos;
    private final double jitter;
    private final long heardAtStart;
    private volatile long comparedAt;
    private volatile boolean ended;
    private volatile boolean asked;

    /**
     * Keeps an entry in this process.
     *
     * @param heardAtStart {@link Generations#changes} before its stamp was taken
     */
    Kept(Entry entry, Stamp stamp, long madeNanos, long heardAtStart) {
        this.entry = entry;
        this.stamp = stamp;
        this.madeNanos = madeNanos;
        this.heardAtStart = heardAtStart;
        this.comparedAt = heardAtStart;
        // From the entry's own bytes: all instances shorten the same entry by the same share.
        this.jitter = (Integer.parseUnsignedInt(entry.digest(), 0, 4, 16) & 0xffff) / 65536.0;
    }

    Entry entry() {
        return entry;
    }

    /** By what had been heard; where that is the same, by the clock: one of two may have been wanted anew. */
    boolean beganBefore(Kept other) {
        return heardAtStart == other.heardAtStart
                ? beganNanos() - other.beganNanos() < 0
                : heardAtStart < other.heardAtStart;
    }

    private long beganNanos() {
        return madeNanos - TimeUnit.MICROSECONDS.toNanos(entry.computeMicros());
    }

    /** It was asked for. */
    void asked() {
        if (!asked) {
            asked = true;
        }
    }

    /** Whether it was asked for since the last call of this. */
    boolean takeAsked() {
        boolean was = asked;
        asked = false;
        return was;
    }

    long ageNanos(long now) {
        return Math.max(0, now - madeNanos);
    }

    /** Nanoseconds for which it is fresh from its making on. */
    long freshNanos(CachePolicy policy) {
        var span = entry.found() ? policy.fresh() : policy.negative();
        return (long) (span.toNanos() * (1 - policy.jitter() * jitter));
    }

    State state(CachePolicy policy, CacheKey key, Generations generations, long blindFreshNanos, long now) {
        long age = ageNanos(now);
        long fresh = freshNanos(policy);
        if (isCurrent(key, generations) && !(age >= blindFreshNanos && generations.blind())) {
            if (age < fresh) {
                return State.FRESH;
            }
            if (entry.found() && age < fresh + policy.staleWhileRevalidate().toNanos()) {
                return State.STALE;
            }
        }
        return entry.found() && age < fresh + policy.staleIfError().toNanos() ? State.SPARE : State.GONE;
    }

    /** True once: when it is first seen to have been ended by a change, or by what may have passed unheard. */
    boolean wasEnded(CacheKey key, Generations generations) {
        boolean first = !ended && !isCurrent(key, generations);
        ended |= first;
        return first;
    }

    private boolean isCurrent(CacheKey key, Generations generations) {
        long changes = generations.changes();
        if (comparedAt == changes) {
            return true;
        }
        if (!generations.stamp(key.tables()).equals(stamp)) {
            return false;
        }
        comparedAt = changes;
        return true;
    }
}
