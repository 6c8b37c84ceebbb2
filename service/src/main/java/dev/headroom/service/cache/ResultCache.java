package dev.headroom.service.cache;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.catalog.CachePolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Both levels and the way between them and the database; docs/decisions/0090 is its model, word by word. */
public final class ResultCache {
    /** One answer wanted: by whom it is computed, and how long it may be used. */
    private record Wanted(CacheKey key, EndpointCounts counts, CachePolicy policy, Computation computation) {}

    /** An answer that somebody wanted anew, and when its computation began. */
    private record Renewed(Served served, long began) {}

    private final LocalCache local;
    private final @Nullable SharedCache shared;
    private final Generations generations;
    private final Unsettled unsettled;
    private final CacheSettings settings;
    private final CacheMetrics metrics;
    private final Executor background;
    private final LongSupplier nanos;
    private final Flights<Served> flights = new Flights<>();
    private final Flights<Renewed> renewals = new Flights<>();
    private final Semaphore unleased;
    private final Complaints complaints;

    ResultCache(
            LocalCache local,
            @Nullable SharedCache shared,
            Generations generations,
            Unsettled unsettled,
            CacheSettings settings,
            CacheMetrics metrics,
            Executor background,
            LongSupplier nanos) {
        this.local = local;
        this.shared = shared;
        this.generations = generations;
        this.unsettled = unsettled;
        this.settings = settings;
        this.metrics = metrics;
        this.background = background;
        this.nanos = nanos;
        this.unleased = new Semaphore(settings.computations());
        this.complaints = new Complaints(System.getLogger(ResultCache.class.getName()), nanos);
    }

    /** The answer, from wherever it is quickest and not older than the policy and the known changes allow. */
    public Served get(CacheKey key, EndpointCounts counts, CachePolicy policy, Computation computation) {
        Served served = serve(new Wanted(key, counts, policy, computation));
        counts.served(served);
        return served;
    }

    /**
     * The answer as it is now, whatever is kept; then that is kept. Who comes while one is being computed shares the
     * next: the one under way may have looked too early.
     */
    public Served renew(CacheKey key, EndpointCounts counts, CachePolicy policy, Computation computation) {
        var wanted = new Wanted(key, counts, policy, computation);
        long came = nanos.getAsLong();
        try {
            while (true) {
                Renewed renewed = Flights.landed(renewals.join(key.text(), () -> renewed(wanted)), settings.patience());
                if (renewed.began() - came >= 0) {
                    counts.served(renewed.served());
                    return renewed.served();
                }
            }
        } catch (TimeoutException overdue) {
            throw new Overloaded("the answer was not computed anew within cache.patience");
        }
    }

    private Renewed renewed(Wanted wanted) {
        long began = nanos.getAsLong();
        Lookup look = shared != null && isShared(wanted) ? shared.look(wanted.key(), 0) : Lookup.UNAVAILABLE;
        return new Renewed(compute(wanted, look, How.RENEWED), began);
    }

    private boolean isShared(Wanted wanted) {
        return wanted.policy().scope() == CachePolicy.Scope.SHARED && !unsettled.has(wanted.key());
    }

    private Served serve(Wanted wanted) {
        Kept kept = local.get(wanted.key());
        if (kept != null) {
            switch (state(kept, wanted)) {
                case FRESH -> {
                    return served(kept, How.LOCAL_HIT, wanted);
                }
                case STALE -> {
                    refresh(wanted, () -> lead(wanted, true));
                    return served(kept, How.STALE, wanted);
                }
                case SPARE, GONE -> {}
            }
        }
        // The stamp is part of the name: who comes after a change never joins a computation that began before it.
        var stamp = generations.stamp(wanted.key().tables());
        var flight = flights.join(List.of(wanted.key().text(), stamp), () -> lead(wanted, false));
        try {
            return Flights.landed(flight, settings.patience());
        } catch (TimeoutException overdue) {
            return overdue(wanted, stamp);
        }
    }

    /** Whoever leads may be stuck, so one more tries; not all who wait, of a database that is slow already. */
    private Served overdue(Wanted wanted, Generations.Stamp stamp) {
        var second = flights.join(
                List.of("overdue", wanted.key().text(), stamp), () -> compute(wanted, Lookup.UNAVAILABLE, How.MISS));
        try {
            return Flights.landed(second, settings.patience());
        } catch (TimeoutException again) {
            return spare(wanted, new Overloaded("the answer was not computed within cache.patience, twice"));
        }
    }

    private void refresh(Wanted wanted, Supplier<Served> work) {
        flights.start(
                List.of("refresh", wanted.key().text()),
                () -> {
                    Served refreshed = work.get();
                    if (refreshed.how() == How.MISS) {
                        wanted.counts().refreshes().increment();
                    }
                    return refreshed;
                },
                background);
    }

    /** @param refreshing nobody waits for this one: it takes the lease of a stale entry to compute, not to hand it on */
    private Served lead(Wanted wanted, boolean refreshing) {
        Kept meanwhile = local.get(wanted.key());
        if (meanwhile != null && state(meanwhile, wanted) == Kept.State.FRESH) {
            return served(meanwhile, How.LOCAL_HIT, wanted); // the flight before this one landed as we came
        }
        long deadline = nanos.getAsLong() + settings.leasePatience().toNanos();
        for (long pause = 2; ; pause = Math.min(50, 2 * pause)) {
            long changes = generations.changes();
            var stamp = generations.stamp(wanted.key().tables());
            // After the stamp: what it knows of is either counted in Redis or unsettled, at each look anew.
            if (shared == null || !isShared(wanted)) {
                return compute(wanted, Lookup.UNAVAILABLE, How.MISS);
            }
            Lookup look = shared.look(wanted.key(), oldestMillis());
            Entry entry = look.entry();
            if (entry != null) {
                long made = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(look.ageMillis());
                Kept kept = new Kept(entry, stamp, made, changes);
                Kept.State state = state(kept, wanted);
                if (state == Kept.State.FRESH) {
                    local.put(wanted.key(), kept);
                    return served(kept, How.SHARED_HIT, wanted);
                }
                // Where Redis has no lease to give, being full or read-only, everybody refreshes for himself.
                boolean may = look.lease() != Lookup.Lease.ANOTHERS;
                if (state == Kept.State.STALE && !(refreshing && may)) {
                    local.put(wanted.key(), kept);
                    if (may) {
                        refresh(wanted, () -> compute(wanted, look, How.MISS));
                    }
                    return served(kept, How.STALE, wanted);
                }
            }
            if (look.lease() != Lookup.Lease.ANOTHERS || nanos.getAsLong() - deadline >= 0) {
                return compute(wanted, look, How.MISS);
            }
            metrics.leaseWaits().add(pause == 2 ? 1 : 0); // the wait, not each time that it asks meanwhile
            rest(pause);
        }
    }

    private Served compute(Wanted wanted, Lookup look, How how) {
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
            Entry entry = body.map(bytes -> Entry.of(bytes, micros)).orElseGet(() -> Entry.missing(micros));
            Kept kept = new Kept(entry, stamp, made, changes);
            keep(wanted, look, kept);
            return served(kept, how, wanted);
        } catch (RuntimeException failure) {
            wanted.counts().failures().increment();
            release(wanted, look);
            return spare(wanted, failure);
        } finally {
            if (!leased) {
                unleased.release();
            }
        }
    }

    private void keep(Wanted wanted, Lookup look, Kept kept) {
        CachePolicy policy = wanted.policy();
        Duration fresh = Duration.ofNanos(kept.freshNanos(policy));
        if (fresh.isZero() || kept.entry().weight() > settings.largestEntry()) {
            release(wanted, look);
            return;
        }
        local.put(wanted.key(), kept);
        metrics.writes().increment();
        if (shared != null && look.answered()) {
            Duration longer = policy.staleIfError().compareTo(policy.staleWhileRevalidate()) > 0
                    ? policy.staleIfError()
                    : policy.staleWhileRevalidate();
            shared.write(wanted.key(), look, kept.entry(), fresh, kept.entry().found() ? fresh.plus(longer) : fresh);
        }
    }

    /** Nobody waits for an entry that will not come. */
    private void release(Wanted wanted, Lookup look) {
        if (shared != null) {
            shared.release(wanted.key(), look);
        }
    }

    private long oldestMillis() {
        return generations.blind() ? settings.blindFresh().toMillis() : Long.MAX_VALUE;
    }

    /** What there was before, where it may still be used; otherwise the failure. */
    private Served spare(Wanted wanted, RuntimeException failure) {
        Kept kept = local.get(wanted.key());
        boolean none = kept == null || state(kept, wanted) == Kept.State.GONE;
        if (none && shared != null && wanted.policy().scope() == CachePolicy.Scope.SHARED) {
            kept = shared.spare(wanted.key())
                    .map(old -> new Kept(
                            old.getKey(),
                            new Generations.Stamp(-1, List.of()),
                            nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(old.getValue()),
                            -1))
                    .orElse(null);
        }
        if (kept == null || state(kept, wanted) == Kept.State.GONE) {
            throw failure;
        }
        complaints.say(
                wanted.counts().route() + " is served as it was before, computing it failed: " + failure.getMessage());
        return served(kept, How.SPARE, wanted);
    }

    private boolean permitted() {
        try {
            return unleased.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Kept.State state(Kept kept, Wanted wanted) {
        return kept.state(
                wanted.policy(),
                wanted.key(),
                generations,
                settings.blindFresh().toNanos(),
                nanos.getAsLong());
    }

    private Served served(Kept kept, How how, Wanted wanted) {
        long age = kept.ageNanos(nanos.getAsLong());
        return new Served(
                kept.entry(), how, Duration.ofNanos(age), Duration.ofNanos(kept.freshNanos(wanted.policy()) - age));
    }

    private static void rest(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for another instance's answer", e);
        }
    }
}
