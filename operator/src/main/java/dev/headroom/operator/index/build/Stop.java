package dev.headroom.operator.index.build;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a piece of work to end, and ends its pauses. A part of the work has one of its own, which the whole one asks too. */
final class Stop implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Set<Stop> parts = ConcurrentHashMap.newKeySet();
    private final @Nullable Stop whole;

    Stop() {
        this(null);
    }

    private Stop(@Nullable Stop whole) {
        this.whole = whole;
    }

    /** Close it when the part has ended. */
    Stop part() {
        Stop part = new Stop(this);
        parts.add(part);
        if (isAsked()) {
            part.ask();
        }
        return part;
    }

    void ask() {
        asked.countDown();
        parts.forEach(Stop::ask);
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    void awaitAsked() throws InterruptedException {
        asked.await();
    }

    /** Returns early, and with true, when asked to stop. */
    boolean pause(Duration time) throws InterruptedException {
        return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (whole != null) {
            whole.parts.remove(this);
        }
    }
}
