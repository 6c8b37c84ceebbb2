package dev.headroom.operator.capacity.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A read of pods or of a database on a thread of its own: either may hang, and a reconcile thread must not wait for it. */
final class BackgroundRead<T> {

    private static final Logger LOG = System.getLogger(BackgroundRead.class.getName());

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    /**
     * Begins.
     *
     * @param failed the result of a read that was stopped or ended by a bug, with why
     * @param done called when the read has ended, failed or not
     */
    BackgroundRead(String name, Callable<T> read, Function<String, T> failed, Runnable done) {
        thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                result.complete(read.call());
            } catch (InterruptedException e) {
                result.complete(failed.apply("the operator is stopping"));
            } catch (Exception | Error e) {
                LOG.log(Level.ERROR, "measuring failed: a bug, please report it", e);
                result.complete(failed.apply(e.getClass().getSimpleName() + ": " + e.getMessage()));
            } finally {
                done.run();
            }
        });
    }

    /** What it brought, when it has ended. */
    Optional<T> ended() {
        return Optional.ofNullable(result.getNow(null));
    }

    /** Waits for its end. */
    T await() throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never completes exceptionally", e);
        }
    }

    /** Waits for its end for no longer than this. */
    void await(Duration limit) throws InterruptedException {
        try {
            result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.DEBUG, "{0} takes longer than {1}", thread.getName(), limit);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never completes exceptionally", e);
        }
    }

    void cancel() {
        thread.interrupt();
    }
}
