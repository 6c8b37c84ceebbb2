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
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One computation at a time for each name in this process; whoever asks meanwhile gets its answer, or its failure. */
final class Flights<T> {
    private final Map<Object, Flight<T>> flying = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    Flights(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A computation under way. */
    static final class Flight<T> {
        private final CompletableFuture<T> end = new CompletableFuture<>();
        private final long began;
        private @Nullable Executor elsewhere;
        private @Nullable Supplier<T> rest;
        private volatile boolean withoutOlder;

        private Flight(long began) {
            this.began = began;
        }

        long ageNanos(long now) {
            return now - began;
        }

        /**
         * Has the rest of the work done elsewhere, so that the leader waits no longer than it wants to. For the work to
         * say, which then ends without an answer.
         */
        @Nullable
        T continueOn(Executor on, Supplier<T> withRest) {
            elsewhere = on;
            rest = withRest;
            return null;
        }

        /** Whether Redis was asked for an older answer, to be served meanwhile, and has none. */
        boolean isWithoutOlder() {
            return withoutOlder;
        }

        void markWithoutOlder() {
            withoutOlder = true;
        }

        /** Runs this when the flight ends, at once if it has. */
        void onEnd(Runnable then) {
            var _ = end.whenComplete((answer, failure) -> then.run());
        }

        /** Its end, which may be its leader's failure. */
        T await(Duration patience) throws TimeoutException {
            try {
                return end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw unwrapped(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException("interrupted while waiting for an answer", e);
            }
        }
    }

    /**
     * Leads the flight of this name, on this thread, or gives the one that another thread leads. A leader's failure goes
     * to all.
     */
    Flight<T> join(Object name, Supplier<T> work) {
        return lead(name, flight -> work.get());
    }

    /** The same with work that may let the {@linkplain Flight#continueOn rest of it} be done elsewhere. */
    Flight<T> lead(Object name, Function<Flight<T>, @Nullable T> work) {
        var mine = new Flight<T>(nanos.getAsLong());
        Flight<T> others = flying.putIfAbsent(name, mine);
        if (others != null) {
            return others;
        }
        fly(name, mine, () -> work.apply(mine));
        return mine;
    }

    private void fly(Object name, Flight<T> flight, Supplier<@Nullable T> work) {
        T answer;
        try {
            answer = work.get();
        } catch (Throwable failure) {
            flight.end.completeExceptionally(failure);
            flying.remove(name, flight);
            return;
        }
        Executor elsewhere = flight.elsewhere;
        Supplier<T> rest = flight.rest;
        if (answer == null && elsewhere != null && rest != null) {
            flight.elsewhere = null;
            try {
                elsewhere.execute(() -> fly(name, flight, rest));
            } catch (RejectedExecutionException closing) {
                fly(name, flight, rest);
            }
            return;
        }
        flight.end.complete(answer);
        flying.remove(name, flight);
    }

    /** Starts the flight elsewhere; false where one of this name is under way, or the executor takes no more work. */
    boolean start(Object name, Supplier<T> work, Executor elsewhere) {
        var flight = new Flight<T>(nanos.getAsLong());
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
