package dev.headroom.service.cache;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.cache.shared.Lookup;
import dev.headroom.service.cache.shared.SharedCache;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.logging.Complaints;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Has an answer computed and kept; where that fails, what there was before serves in its place. */
final class Computing {
    private final LocalCache local;
    private final @Nullable SharedCache shared;
    private final Generations generations;
    private final Freshness freshness;
    private final CacheSettings settings;
    private final CacheMetrics metrics;
    private final LongSupplier nanos;
    private final Semaphore unleased;
    private final Flights<Boolean> older;
    private final Complaints complaints;
    private final Complaints large;
    /** Endpoints whose last answer was too large to be kept. */
    private final Set<EndpointCounts> unkept = ConcurrentHashMap.newKeySet();

    Computing(
            LocalCache local,
            @Nullable SharedCache shared,
            Generations generations,
            Freshness freshness,
            CacheSettings settings,
            CacheMetrics metrics,
            LongSupplier nanos) {
        this.local = local;
        this.shared = shared;
        this.generations = generations;
        this.freshness = freshness;
        this.settings = settings;
        this.metrics = metrics;
        this.nanos = nanos;
        this.older = new Flights<>(nanos);
        this.unleased = new Semaphore(settings.computations());
        System.Logger log = System.getLogger(ResultCache.class.getName());
        this.complaints = new Complaints(log, nanos);
        this.large = new Complaints(log, nanos);
    }

    /** @param look what led here; the answer is written to the shared level if that look is not overtaken */
    Served compute(Wanted wanted, Lookup look, How how) {
        boolean leased = look.lease() == Lookup.Lease.OURS;
        if (!leased && !permitted()) {
            return spare(
                    wanted,
                    new Overloaded(settings.computations()
                            + " answers are being computed already and none ended in time; raise cache.computations"));
        }
        long changes = generations.changes();
        var stamp = generations.stamp(wanted.key().tables());
        long began = nanos.getAsLong();
        try {
            wanted.counts().computations().increment();
            var body = wanted.computation().compute();
            long made = nanos.getAsLong();
            long micros = (made - began) / 1000;
            Entry entry = body.map(bytes -> entry(wanted, look, bytes, micros)).orElseGet(() -> Entry.missing(micros));
            Kept kept = new Kept(entry, stamp, made, changes);
            keep(wanted, look, kept);
            return freshness.served(kept, how, wanted);
        } catch (RuntimeException failure) {
            wanted.counts().failures().increment();
            release(wanted, look);
            return spare(wanted, failure);
        } catch (Error failure) { // of memory, mostly: nobody must wait for a lease behind which nobody computes
            wanted.counts().failures().increment();
            release(wanted, look);
            throw failure;
        } finally {
            if (!leased) {
                unleased.release();
            }
        }
    }

    private Entry entry(Wanted wanted, Lookup look, byte[] body, long micros) {
        Kept kept = local.get(wanted.key());
        Entry before = look.entry() != null || kept == null ? look.entry() : kept.entry();
        return before != null && before.found() && wanted.computation().isSame(before.body(), body)
                ? before.again(micros)
                : Entry.of(body, micros);
    }

    private void keep(Wanted wanted, Lookup look, Kept kept) {
        CachePolicy policy = wanted.policy();
        Duration fresh = Duration.ofNanos(kept.freshNanos(policy));
        boolean tooLarge = kept.entry().weight() > settings.largestEntry();
        boolean _ = tooLarge ? unkept.add(wanted.counts()) : unkept.remove(wanted.counts());
        if (tooLarge) {
            large.say(wanted.counts().route() + " has an answer of "
                    + kept.entry().weight()
                    + " bytes, gzipped form included, and is not kept: raise cache.largest-entry"
                    + " or give its catalog entry no cache policy");
        }
        if (fresh.isZero() || tooLarge) {
            release(wanted, look);
            return;
        }
        local.putComputed(wanted.key(), kept);
        metrics.writes().increment();
        if (shared != null && look.answered()) {
            Duration longer = policy.staleIfError().compareTo(policy.staleWhileRevalidate()) > 0
                    ? policy.staleIfError()
                    : policy.staleWhileRevalidate();
            Duration life = kept.entry().found() ? fresh.plus(longer) : fresh;
            boolean lasting = !wanted.key().isVariant() || kept.entry().weight() <= settings.largeVariant();
            // As long as any entry of the endpoint may live: this one may be short-lived, being a 404 or by its jitter.
            Duration longest = policy.fresh().compareTo(policy.negative()) > 0 ? policy.fresh() : policy.negative();
            shared.write(
                    wanted.key(),
                    look,
                    kept.entry(),
                    new SharedCache.Retention(fresh, life, longest.plus(longer), lasting));
        }
    }

    /** Whether the endpoint's last answer was too large: there is nothing to be had from who computes the next. */
    boolean isTooLarge(Wanted wanted) {
        return unkept.contains(wanted.counts());
    }

    /** Nobody waits for an entry that will not come. */
    void release(Wanted wanted, Lookup look) {
        if (shared != null) {
            shared.release(wanted.key(), look);
        }
    }

    /** What there was before, where it may still be used; otherwise the failure. */
    Served spare(Wanted wanted, RuntimeException failure) {
        Kept here = usable(wanted, local.get(wanted.key()));
        Kept there = usable(wanted, inRedis(wanted));
        Kept kept = younger(here, there);
        if (kept != null) {
            complaints.say(wanted.counts().route() + " is served as it was before, computing it failed: "
                    + failure.getMessage());
            return freshness.served(kept, kept == here ? How.LOCAL_FAILED : How.SHARED_FAILED, wanted);
        }
        if (failure instanceof Overloaded) { // its 503 is no line in the log
            complaints.say(wanted.counts().route() + " is not computed: " + failure.getMessage());
        }
        throw failure;
    }

    /** What this process had before, where it may still be used; or a fresh answer that has come meanwhile. */
    @Nullable
    Served before(Wanted wanted, How how) {
        Kept kept = usable(wanted, local.get(wanted.key()));
        if (kept == null) {
            return null;
        }
        boolean fresh = freshness.of(kept, wanted) == Kept.State.FRESH;
        return freshness.served(kept, fresh ? How.LOCAL_HIT : how, wanted);
    }

    /** The older entry from Redis. It is stored locally, so that Redis is asked once. */
    @Nullable
    Served beforeInRedis(Wanted wanted) {
        try {
            boolean found =
                    older.join(wanted.key().text(), () -> takeOlder(wanted)).await(settings.patience());
            return found ? before(wanted, How.SHARED_SLOW) : null;
        } catch (TimeoutException unanswered) {
            return null;
        }
    }

    private boolean takeOlder(Wanted wanted) {
        Kept there = usable(wanted, inRedis(wanted));
        if (there != null) {
            local.put(wanted.key(), there);
        }
        return there != null;
    }

    private @Nullable Kept usable(Wanted wanted, @Nullable Kept kept) {
        return kept == null || freshness.of(kept, wanted) == Kept.State.GONE ? null : kept;
    }

    /** A client that was served another instance's answer must not get an older one from this instance. */
    private @Nullable Kept younger(@Nullable Kept one, @Nullable Kept other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.entry().digest().equals(other.entry().digest())) {
            return one; // Redis dates the same answer by its writing, a moment later
        }
        long now = nanos.getAsLong();
        return one.ageNanos(now) <= other.ageNanos(now) ? one : other;
    }

    private @Nullable Kept inRedis(Wanted wanted) {
        return shared == null || !wanted.isShareable()
                ? null
                : shared.findOutdated(wanted.key())
                        .map(old -> new Kept(
                                old.getKey(),
                                new Generations.Stamp(-1, List.of()),
                                nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(old.getValue()),
                                -1))
                        .orElse(null);
    }

    private boolean permitted() {
        try {
            return unleased.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
