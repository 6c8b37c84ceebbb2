package dev.headroom.service.cache;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.cache.shared.Lookup;
import dev.headroom.service.cache.shared.SharedCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way of a question through both levels to the database; docs/decisions/0090 is its model, word by word. */
public final class ResultCache {
    /** An answer that somebody wanted anew, and when its computation began. */
    private record Renewed(Served served, long began) {}

    /** A trip to Redis and back is enough to have a change counted, also where it is not near. */
    private static final long COUNTING = TimeUnit.MILLISECONDS.toNanos(50);

    /** Milliseconds in which stale answers lead to no other refresh: after one that another instance is doing. */
    private static final long ANOTHERS_PAUSE = 50;

    /** After one that failed. */
    private static final long FAILURES_PAUSE = 500;

    private final LocalCache local;
    private final @Nullable SharedCache shared;
    private final Generations generations;
    private final Unsettled unsettled;
    private final CacheSettings settings;
    private final Executor background;
    private final LongSupplier nanos;
    private final Flights<Served> flights;
    private final Flights<Renewed> renewals;
    /** By key, computations that outlast the soft time-out: meanwhile requests get the older answer without waiting. */
    private final Map<String, Flights.Flight<Served>> late = new ConcurrentHashMap<>();

    private final Freshness freshness;
    private final Computing computing;

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
        this.background = background;
        this.nanos = nanos;
        this.flights = new Flights<>(nanos);
        this.renewals = new Flights<>(nanos);
        this.freshness = new Freshness(generations, settings.blindFresh(), nanos);
        this.computing = new Computing(local, shared, generations, freshness, settings, metrics, nanos);
    }

    /** The answer, from wherever it is quickest and not older than the policy and the known changes allow. */
    public Served get(Wanted wanted) {
        Served served = serve(wanted);
        wanted.counts().served(served);
        return served;
    }

    /** The answer, if it is in this process and fresh, or stale and to be refreshed meanwhile; waits for nothing. */
    public @Nullable Served atOnce(Wanted wanted) {
        Served served = kept(wanted);
        if (served != null) {
            wanted.counts().served(served);
        }
        return served;
    }

    private @Nullable Served kept(Wanted wanted) {
        Kept kept = local.get(wanted.key());
        if (kept == null) {
            return null;
        }
        return switch (freshness.of(kept, wanted)) {
            case FRESH -> freshness.served(kept, How.LOCAL_HIT, wanted);
            case STALE -> {
                boolean _ = refresh(wanted, () -> new CacheFill(wanted, true).run());
                yield freshness.served(kept, How.LOCAL_STALE, wanted);
            }
            case SPARE, GONE -> null;
        };
    }

    /**
     * The answer as it is now, whatever is kept; then that is kept. Who comes while one is being computed shares the
     * next: the one under way may have looked too early.
     */
    public Served renew(Wanted wanted) {
        long came = nanos.getAsLong();
        try {
            while (true) {
                Renewed renewed = renewals.join(wanted.key().text(), () -> renewed(wanted))
                        .await(settings.patience());
                if (renewed.began() - came >= 0) {
                    wanted.counts().served(renewed.served());
                    return renewed.served();
                }
            }
        } catch (TimeoutException overdue) {
            throw new Overloaded("the answer was not computed anew within cache.patience");
        }
    }

    /** The answer computed for this request alone, because it has no key yet. */
    public Served unkept(EndpointCounts counts, Computation computation) {
        counts.computations().increment();
        Optional<byte[]> body;
        try {
            body = computation.compute();
        } catch (RuntimeException failure) {
            counts.failures().increment();
            throw failure;
        }
        Entry entry = body.map(bytes -> Entry.of(bytes, 0)).orElseGet(() -> Entry.missing(0));
        var served = new Served(entry, How.BYPASS, Duration.ZERO, Duration.ZERO);
        counts.served(served);
        return served;
    }

    private Renewed renewed(Wanted wanted) {
        long began = nanos.getAsLong();
        Lookup look = shared != null && isShared(wanted) ? shared.look(wanted.key(), 0) : Lookup.UNAVAILABLE;
        return new Renewed(computing.compute(wanted, look, How.RENEWED), began);
    }

    private boolean isShared(Wanted wanted) {
        return wanted.isShareable() && !unsettled.has(wanted.key());
    }

    private Served serve(Wanted wanted) {
        Served kept = kept(wanted);
        if (kept != null) {
            return kept;
        }
        if (late.containsKey(wanted.key().text())) {
            // One slow computation of a key at a time, while there is an older answer to serve.
            Served before = computing.before(wanted, How.LOCAL_SLOW);
            if (before != null) {
                return before;
            }
        }
        // The stamp is part of the name: who comes after a change never joins a computation that began before it.
        var stamp = generations.stamp(wanted.key().tables());
        var flight = flights.lead(List.of(wanted.key().text(), stamp), mine -> lead(wanted, mine));
        long came = nanos.getAsLong();
        Served soon = await(wanted, flight, came);
        if (soon != null) {
            return soon;
        }
        try {
            return flight.await(settings.patience().minusNanos(nanos.getAsLong() - came));
        } catch (TimeoutException overdue) {
            return overdue(wanted, stamp);
        }
    }

    /** What comes of it within the soft time-out, or else what there was before; null where there is neither. */
    private @Nullable Served await(Wanted wanted, Flights.Flight<Served> flight, long now) {
        Duration soft = wanted.policy().softTimeout();
        if (!mayLeave(wanted) || soft.compareTo(settings.patience()) > 0) {
            return null;
        }
        try {
            return flight.await(soft.minusNanos(flight.ageNanos(now)));
        } catch (TimeoutException slow) {
            Served before = computing.before(wanted, How.LOCAL_SLOW);
            if (before == null && !flight.isWithoutOlder()) {
                before = computing.beforeInRedis(wanted);
                if (before == null) {
                    flight.markWithoutOlder();
                }
            }
            if (before != null && before.how().isStandIn()) {
                String key = wanted.key().text();
                if (late.putIfAbsent(key, flight) == null) {
                    flight.onEnd(() -> late.remove(key, flight));
                }
            }
            return before;
        }
    }

    /** Whoever leads may be stuck, so one more tries; not all who wait, of a database that is slow already. */
    private Served overdue(Wanted wanted, Generations.Stamp stamp) {
        var second = flights.join(
                List.of("overdue", wanted.key().text(), stamp),
                () -> computing.compute(wanted, Lookup.UNAVAILABLE, How.MISS));
        try {
            return second.await(settings.patience());
        } catch (TimeoutException again) {
            return computing.spare(wanted, new Overloaded("the answer was not computed within cache.patience, twice"));
        }
    }

    /** False where one is under way already. */
    private boolean refresh(Wanted wanted, Supplier<Served> work) {
        return flights.start(
                List.of("refresh", wanted.key().text()),
                () -> {
                    Served refreshed = work.get();
                    switch (refreshed.how()) {
                        case MISS -> wanted.counts().refreshes().increment();
                        // Another instance is at it, or it failed: not the next request is the one to try again.
                        case SHARED_STALE -> sleepMillis(ANOTHERS_PAUSE);
                        case LOCAL_FAILED, SHARED_FAILED -> sleepMillis(FAILURES_PAUSE);
                        default -> {}
                    }
                    return refreshed;
                },
                background);
    }

    private static boolean mayLeave(Wanted wanted) {
        return !wanted.policy().softTimeout().isZero()
                && !wanted.policy().staleIfError().isZero();
    }

    /** The answer, or null where the fill continues on another thread because its leader may want to leave. */
    private @Nullable Served lead(Wanted wanted, Flights.Flight<Served> flight) {
        Kept meanwhile = local.get(wanted.key());
        if (meanwhile != null) {
            if (freshness.of(meanwhile, wanted) == Kept.State.FRESH) { // the flight before this one landed as we came
                return freshness.served(meanwhile, How.LOCAL_HIT, wanted);
            }
            wanted.counts().invalidations().add(meanwhile.wasEnded(wanted.key(), generations) ? 1 : 0);
        }
        if (!mayLeave(wanted)) {
            return new CacheFill(wanted, false).run();
        }
        if (meanwhile != null && freshness.of(meanwhile, wanted) != Kept.State.GONE) {
            return flight.continueOn(background, new CacheFill(wanted.carried(), false)::run);
        }
        var fill = new CacheFill(wanted, false);
        Served found = fill.lookUpRedis();
        if (found == null && fill.hasOlder()) {
            var elsewhere = fill.carried();
            return flight.continueOn(background, elsewhere::waitOrCompute);
        }
        return found != null ? found : fill.waitOrCompute();
    }

    /** Fills the cache for one flight: looks in Redis, waits while another instance computes, or computes. */
    private final class CacheFill {
        private final Wanted wanted;
        private final boolean refreshing;
        private final long deadline;
        private Lookup look = Lookup.UNAVAILABLE;
        private long pause = 2;

        /** @param refreshing whether it runs in the background, where a stale entry is computed anew instead of served */
        CacheFill(Wanted wanted, boolean refreshing) {
            this.wanted = wanted;
            this.refreshing = refreshing;
            this.deadline = nanos.getAsLong() + settings.leasePatience().toNanos();
        }

        /** The same for another thread. */
        CacheFill carried() {
            var same = new CacheFill(wanted.carried(), refreshing);
            same.look = look;
            return same;
        }

        Served run() {
            Served found = lookUpRedis();
            return found != null ? found : waitOrCompute();
        }

        /** What Redis has that will do; null where this is to compute, or to ask again. */
        @Nullable
        Served lookUpRedis() {
            awaitCounted(wanted);
            long changes = generations.changes();
            var stamp = generations.stamp(wanted.key().tables());
            // After the stamp: what it knows of is either counted in Redis or unsettled, at each look anew.
            look = shared != null && isShared(wanted)
                    ? shared.look(wanted.key(), freshness.oldestMillis())
                    : Lookup.UNAVAILABLE;
            return taken(wanted, look, stamp, changes, refreshing);
        }

        /** Whether Redis has an answer that is no longer current. */
        boolean hasOlder() {
            return look.hasOlder() || look.entry() != null;
        }

        Served waitOrCompute() {
            while (true) {
                boolean worthwhile = look.lease() == Lookup.Lease.ANOTHERS
                        && !computing.isTooLarge(wanted)
                        && freshness.oldestMillis() > 0; // nothing is trusted that another instance made
                if (!worthwhile || nanos.getAsLong() - deadline >= 0) {
                    return computing.compute(wanted, look, How.MISS);
                }
                wanted.counts().leaseWaits().add(pause == 2 ? 1 : 0); // the wait, not each time that it asks meanwhile
                sleepMillis(pause);
                pause = Math.min(50, 2 * pause);
                Served found = lookUpRedis();
                if (found != null) {
                    return found;
                }
            }
        }
    }

    /** The entry that Redis has, where that will do. */
    private @Nullable Served taken(
            Wanted wanted, Lookup look, Generations.Stamp stamp, long changes, boolean refreshing) {
        Entry entry = look.entry();
        if (entry == null) {
            return null;
        }
        long made = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(look.ageMillis());
        Kept kept = new Kept(entry, stamp, made, changes);
        Kept.State state = freshness.of(kept, wanted);
        if (state == Kept.State.FRESH) {
            local.put(wanted.key(), kept);
            return freshness.served(kept, How.SHARED_HIT, wanted);
        }
        // Where Redis has no lease to give, being full or read-only, everybody refreshes for himself.
        boolean may = look.lease() != Lookup.Lease.ANOTHERS;
        if (state == Kept.State.GONE || (refreshing && may)) {
            return null;
        }
        local.put(wanted.key(), kept);
        if (state == Kept.State.SPARE) {
            return null;
        }
        if (may && !refresh(wanted, () -> computing.compute(wanted, look, How.MISS))) {
            computing.release(wanted, look);
        }
        return freshness.served(kept, How.SHARED_STALE, wanted);
    }

    /**
     * What all instances heard a moment ago is on its way to Redis: whoever did not wait for that would compute, each
     * instance for itself, and none would have it to give to the others.
     */
    private void awaitCounted(Wanted wanted) {
        long deadline = nanos.getAsLong() + COUNTING;
        while (shared != null
                && wanted.isShareable()
                && unsettled.isOnItsWay(wanted.key())
                && shared.available()
                && nanos.getAsLong() - deadline < 0) {
            sleepMillis(1);
        }
    }

    private static void sleepMillis(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for another instance's answer", e);
        }
    }
}
