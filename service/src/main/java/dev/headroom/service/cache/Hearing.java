package dev.headroom.service.cache;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.cache.shared.SharedCache;
import dev.headroom.service.database.changes.TableChanges;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the database tells of its tables into generations, here and in Redis, and knows whether something can have
 * passed unheard: blind until covered, see docs/decisions/0090, race 6, and while the server is silent, see 0106.
 */
public final class Hearing implements TableChanges.Listener {
    private static final System.Logger LOG = System.getLogger(Hearing.class.getName());
    private static final long PATIENCE_FOR_OTHERS = TimeUnit.MILLISECONDS.toNanos(2500);

    /** A commit is visible a moment before the notice of it is on its way. */
    private static final Duration NOTICE_TAKES = Duration.ofMillis(100);

    /** Longest time without an answered heartbeat before the listener counts as silent; one second with the time above. */
    private static final Duration BELIEVED = Duration.ofMillis(900);

    private final Generations generations;
    private final Unsettled unsettled;
    private final @Nullable SharedCache shared;
    private final CacheMetrics metrics;
    private final Executor settling;
    private final LongSupplier nanos;
    private final List<Consumer<Set<String>>> others = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstCovered = new CountDownLatch(1);
    /** Whether settling is on its way to begin: changes may come faster than Redis answers, and would pile up there. */
    private final AtomicBoolean errand = new AtomicBoolean();
    /** One tick at a time: held while Redis is asked, so never by who hears. */
    private final ReentrantLock ticking = new ReentrantLock();
    /** Replaced under the lock of this, which is never held while anybody is waited for. */
    private volatile Session session = new Session(0, false, false, 0, 0);
    /** When the session of the number below began, on Redis' clock. Of ticks alone, as is all that follows. */
    private long sinceRedis;

    private long sinceRedisOf;
    /** Whether the last tick failed. */
    private boolean failing;

    /**
     * From one time that the connection was made or lost to the next.
     *
     * @param heardUntil everything committed until then was told
     */
    private record Session(long number, boolean listening, boolean covered, long since, long heardUntil) {}

    Hearing(
            Generations generations,
            Unsettled unsettled,
            @Nullable SharedCache shared,
            CacheMetrics metrics,
            Executor settling,
            LongSupplier nanos) {
        this.generations = generations;
        this.unsettled = unsettled;
        this.shared = shared;
        this.metrics = metrics;
        this.settling = settling;
        this.nanos = nanos;
        generations.lost();
    }

    /** Committed changes: the tables, each with what names its change to all who hear of it. */
    @Override
    public void changed(Map<String, String> notices) {
        notices.forEach((table, notice) -> {
            raise(table, notice);
            metrics.invalidations().increment();
        });
        if (generations.knows(CacheKey.ANY_TABLE) && !notices.isEmpty()) {
            generations.raise(CacheKey.ANY_TABLE);
        }
        if (shared != null && errand.compareAndSet(false, true)) {
            settling.execute(() -> settle(shared));
        }
        tell(notices.keySet());
    }

    /**
     * Has somebody else told of changes as well, on the thread that hears of them: the tables, or none of them where
     * anything may have changed. A failure of a listener is logged once, and the others are told all the same.
     */
    public void onChange(Consumer<Set<String>> listener) {
        var logged = new AtomicBoolean();
        others.add(tables -> {
            try {
                listener.accept(tables);
            } catch (RuntimeException failure) {
                LOG.log(
                        logged.getAndSet(true) ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                        "acting on a change of tables failed: facets may answer from before it until it changes again",
                        failure);
            }
        });
    }

    private void tell(Set<String> tables) {
        others.forEach(listener -> listener.accept(tables));
    }

    private void settle(SharedCache by) {
        errand.set(false); // what is heard from now on may come too late for this one
        unsettled.settle(by);
    }

    private void raise(String table, String notice) {
        // Unsettled first: between the two lines nobody may take an old answer from Redis for a new one.
        if (shared != null) {
            unsettled.add(table, notice);
        }
        // Nothing was kept here of a table that nobody asked for: anyone may tell of tables that there are not.
        if (generations.knows(table)) {
            generations.raise(table);
        }
    }

    /** The connection stands and everything committed from now on will be told. */
    @Override
    public void listening() {
        long now = nanos.getAsLong();
        synchronized (this) {
            session = new Session(session.number() + 1, true, false, now, now);
        }
        if (shared == null) {
            tick();
        } else {
            settling.execute(this::tick);
        }
    }

    /** Everything committed until so long ago has been told. */
    @Override
    public synchronized void heardAll(Duration ago) {
        Session now = session;
        session = new Session(
                now.number(), now.listening(), now.covered(), now.since(), nanos.getAsLong() - ago.toNanos());
    }

    /** The connection is gone: changes may pass unheard. */
    @Override
    public synchronized void lost() {
        session = new Session(session.number() + 1, false, false, 0, 0);
        generations.lost();
    }

    /**
     * Twice a second: has Redis count what it has not, becomes covered, gives a sign of life. It waits for Redis, so it
     * holds no lock that those need who hear; whether the connection was lost meanwhile is seen by the session's number. It
     * throws nothing: the scheduler would not run it again.
     */
    public void tick() {
        ticking.lock();
        try {
            ticked();
            failing = false;
        } catch (RuntimeException | Error failure) {
            LOG.log(
                    failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "following the changes of tables failed; trying again",
                    failure);
            failing = true;
        } finally {
            ticking.unlock();
        }
    }

    private void ticked() {
        if (shared != null && !unsettled.isEmpty()) {
            unsettled.settle(shared);
        }
        if (session.listening() && !session.covered()) {
            becomeCovered(session);
        }
        // Before what is open is looked at: what was heard until then is open, or counted.
        Session now = session;
        // An instance that has not had counted what it heard, or may not have heard it, must not vouch for Redis.
        if (now.covered() && shared != null && unsettled.isEmpty()) {
            shared.signs().give(now.heardUntil() - NOTICE_TAKES.toNanos());
        }
    }

    private void becomeCovered(Session asked) {
        if (shared != null && !isVouchedFor(asked, shared)) {
            return;
        }
        synchronized (this) {
            if (session.number() != asked.number()) {
                return; // the connection is another one, or none: whatever was found out is of the one before
            }
            session = new Session(asked.number(), true, true, asked.since(), session.heardUntil());
            generations.covered();
        }
        firstCovered.countDown();
        tell(Set.of());
    }

    /** Whether somebody else heard what was missed here, or it was counted. */
    private boolean isVouchedFor(Session asked, SharedCache by) {
        if (sinceRedisOf != asked.number()) {
            sinceRedis = by.signs().clock().orElse(Long.MAX_VALUE);
            sinceRedisOf = asked.number();
        }
        long sign = by.signs().ofOthers().orElse(0L);
        if (sign > sinceRedis) {
            return true;
        }
        if (sign >= 0 && nanos.getAsLong() - asked.since() <= PATIENCE_FOR_OTHERS) {
            return false;
        }
        // Nobody else heard what we missed: whatever it was, it is counted now.
        unsettled.addAll("cover:" + UUID.randomUUID());
        unsettled.settle(by);
        return true;
    }

    /**
     * Whether nothing proves any more that the server still tells of changes: it did not answer the last heartbeats. As
     * long as that lasts answers are trusted as by somebody who does not listen; what was missed comes before the answer.
     */
    boolean isSilent() {
        Session now = session;
        return now.listening() && nanos.getAsLong() - now.heardUntil() > BELIEVED.toNanos();
    }

    boolean isSettled() {
        return unsettled.isEmpty();
    }

    /** Whether every change is heard of at present. */
    public boolean hearsChanges() {
        return isCovered() && !isSilent();
    }

    public boolean isCovered() {
        return session.covered();
    }

    /** Waits until it is covered for the first time, or for so long. */
    public void awaitCovered(Duration patience) throws InterruptedException {
        boolean _ = firstCovered.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
