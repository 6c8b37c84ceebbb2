package dev.headroom.service.http;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The same fault on the same route, said once in ten seconds: an outage is worth a line, not a line for each request. */
final class RepeatedFaults {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanos;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    private record Told(AtomicLong quietUntil, LongAdder unsaid) {}

    RepeatedFaults(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** When it is to be said now: how often it was not, since it was said last. */
    OptionalLong turn(String route, Class<?> fault) {
        long now = nanos.getAsLong();
        Told before = told.computeIfAbsent(
                fault.getName() + ' ' + route, first -> new Told(new AtomicLong(now), new LongAdder()));
        long until = before.quietUntil().get();
        if (now - until >= 0 && before.quietUntil().compareAndSet(until, now + PAUSE)) {
            return OptionalLong.of(before.unsaid().sumThenReset());
        }
        before.unsaid().increment();
        return OptionalLong.empty();
    }
}
