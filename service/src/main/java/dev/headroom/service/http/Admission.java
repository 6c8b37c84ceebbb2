package dev.headroom.service.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets in as many requests as can run at once, lets a few more wait a little, and turns the rest away at once.
 *
 * <p>Beyond what the pool and the processors can do, each further request only makes all of them slower, until every
 * client has given up on an answer that is still being computed. A quick "come back in a second" keeps those that are
 * let in fast (docs/decisions/0042).
 */
final class Admission {
    private final Semaphore places;
    private final ServerSettings.Shedding settings;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder shed = new LongAdder();

    Admission(ServerSettings.Shedding settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.concurrent());
    }

    /** True: the request may run, and calls {@link #leave()} when it is done. */
    boolean enter() {
        if (places.tryAcquire() || waited()) {
            return true;
        }
        shed.increment();
        return false;
    }

    void leave() {
        places.release();
    }

    int waiting() {
        return waiting.get();
    }

    long shed() {
        return shed.sum();
    }

    private boolean waited() {
        try {
            return waiting.incrementAndGet() <= settings.waiting()
                    && places.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }
}
