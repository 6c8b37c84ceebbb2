package dev.headroom.service.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One computation at a time for each name in this process; whoever asks meanwhile gets its answer, or its failure. */
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
        fly(name, mine, work);
        return mine;
    }

    private void fly(Object name, CompletableFuture<T> flight, Supplier<T> work) {
        try {
            flight.complete(work.get());
        } catch (Throwable failure) {
            flight.completeExceptionally(failure);
        } finally {
            flying.remove(name, flight);
        }
    }

    /** Starts the flight elsewhere; false where one of this name is under way, or the executor takes no more work. */
    boolean start(Object name, Supplier<T> work, Executor elsewhere) {
        var flight = new CompletableFuture<T>();
        if (flying.putIfAbsent(name, flight) != null) {
            return false;
        }
        try {
            elsewhere.execute(() -> fly(name, flight, work));
            return true;
        } catch (RejectedExecutionException closing) {
            flying.remove(name, flight);
            return false;
        }
    }

    /** The end of a flight, which may be its leader's failure. */
    static <T> T landed(CompletableFuture<T> flight, Duration patience) throws TimeoutException {
        try {
            return flight.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for an answer", e);
        }
    }

    private static RuntimeException unwrapped(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException runtime) {
            return runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new CompletionException("computing an answer failed", cause);
    }
}
