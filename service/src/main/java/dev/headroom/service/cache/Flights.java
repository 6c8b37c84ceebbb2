package dev.headroom.service.cache;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One computation at a time for each name in this process; who comes meanwhile gets the same end of it. */
final class Flights<T> {
    private final Map<Object, CompletableFuture<T>> flying = new ConcurrentHashMap<>();

    /**
     * Leads the flight of this name, on this thread, or gives the one that another thread leads. A leader's failure goes
     * to all.
     */
    CompletableFuture<T> join(Object name, Supplier<T> work) {
        var mine = new CompletableFuture<T>();
        @Nullable CompletableFuture<T> others = flying.putIfAbsent(name, mine);
        if (others != null) {
            return others;
        }
        try {
            mine.complete(work.get());
        } catch (Throwable failure) {
            mine.completeExceptionally(failure);
        } finally {
            flying.remove(name, mine);
        }
        return mine;
    }

    /** Starts the flight elsewhere unless it is under way. */
    void start(Object name, Supplier<T> work, java.util.concurrent.Executor elsewhere) {
        if (!flying.containsKey(name)) {
            elsewhere.execute(() -> {
                var _ = join(name, work);
            });
        }
    }

    int underWay() {
        return flying.size();
    }
}
