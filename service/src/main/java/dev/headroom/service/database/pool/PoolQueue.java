package dev.headroom.service.database.pool;

import dev.headroom.service.database.settings.Patience;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one queue in front of a pool: as many places as connections, given out in the order of arrival, to those who wait
 * neither behind too many others nor for too long.
 *
 * <p>Hikari gives a connection that comes back to whoever asks next, which under load is seldom who waits longest: some
 * calls wait out the acquire timeout while others never wait. Here all wait alike, and who is turned away is so by a
 * decision and not by chance (docs/decisions/0042).
 */
final class PoolQueue {

    /** A semaphore whose permits follow the pool's size; below zero after a shrink, until enough came back. */
    private static final class Places extends Semaphore {
        private static final long serialVersionUID = 1L;

        Places(int permits) {
            super(permits, true);
        }

        void change(int by) {
            if (by > 0) {
                release(by);
            } else {
                reducePermits(-by);
            }
        }
    }

    private final Places places;
    private final Patience patience;
    private final AtomicInteger waiting = new AtomicInteger();
    private int size;

    PoolQueue(int size, Patience patience) {
        this.size = size;
        this.places = new Places(size);
        this.patience = patience;
    }

    /** True: a connection is free or may be opened, and the caller calls {@link #leave()} once it has given it back. */
    boolean enter() {
        return enter(patience.time().toNanos());
    }

    /** The same for a caller that waited before: with what is left of its patience. */
    boolean enter(long nanos) {
        try {
            // Not tryAcquire(): that one overtakes those who wait.
            return places.tryAcquire(0, TimeUnit.NANOSECONDS) || waited(nanos);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        places.release();
    }

    synchronized void resize(int wanted) {
        places.change(wanted - size);
        size = wanted;
    }

    int waiting() {
        return waiting.get();
    }

    Patience patience() {
        return patience;
    }

    private boolean waited(long nanos) throws InterruptedException {
        try {
            return waiting.incrementAndGet() <= patience.longest() && places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } finally {
            waiting.decrementAndGet();
        }
    }
}
