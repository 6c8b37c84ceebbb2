package dev.headroom.service.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** How often each table has changed, as far as this instance has heard. */
public final class Generations {
    /** The generations of some tables at one moment; equal stamps mean that nothing was heard in between. */
    record Stamp(long epoch, List<Long> tables) {}

    private final Map<String, AtomicLong> tables = new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean blind;
    private volatile BooleanSupplier silent = () -> false;

    Stamp stamp(List<String> names) {
        return new Stamp(epoch.get(), names.stream().map(name -> of(name).get()).toList());
    }

    /** Grows with every change of anything: as long as it stands still, no stamp needs to be compared. */
    long changes() {
        return changes.get();
    }

    /** Whether anybody asked for this table. */
    boolean knows(String table) {
        return tables.containsKey(table);
    }

    /** A change of this table was committed. */
    public void raise(String table) {
        of(table).incrementAndGet();
        changes.incrementAndGet();
    }

    /** Anything may have changed. */
    public void raiseAll() {
        epoch.incrementAndGet();
        changes.incrementAndGet();
    }

    /** Whether changes may pass unheard at present. */
    boolean blind() {
        return blind || silent.getAsBoolean();
    }

    /** While this is true, changes may pass unheard, and are heard of afterwards. */
    void blindWhile(BooleanSupplier nothingIsHeard) {
        silent = nothingIsHeard;
    }

    /** Nothing is heard from now on. */
    public void lost() {
        blind = true;
        raiseAll();
    }

    /** From now on everything is heard, and what passed unheard has been counted. */
    public void covered() {
        raiseAll();
        blind = false;
    }

    private AtomicLong of(String table) {
        return tables.computeIfAbsent(table, name -> new AtomicLong());
    }
}
