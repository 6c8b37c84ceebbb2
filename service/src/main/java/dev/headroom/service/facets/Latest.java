package dev.headroom.service.facets;

import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.profile.StatementProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest of something that is expensive to build. One thread of its own builds, never two at a time; readers take
 * what there is, and only those that come before there is anything wait, all for the same build, each for a bounded time.
 * A build that fails leaves what was there, and is tried again at the next check. That holds for an {@link Error} as well:
 * the worker outlives whatever its statements, its logging or the heap do.
 *
 * <p>States: <i>idle</i> until a reader waits, somebody invalidates, the check is due or the age is reached; <i>building</i>;
 * then <i>resting</i> for four times as long as the build took, so that data that changes all the time costs at most a
 * fifth of one core. What was invalidated during a build is built again after it.
 */
final class Latest<T> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Latest.class.getName());
    private static final int REST_PER_WORK = 4;

    private final String name;
    private final Supplier<T> build;
    private final Supplier<Optional<String>> version;
    private final Duration check;
    private final Duration refresh;
    private final Thread worker;

    private volatile @Nullable T current;
    private volatile boolean closed;

    // Below: guarded by this.
    private @Nullable CompletableFuture<T> awaited;
    private boolean invalid;

    // Below: of the worker alone.
    private Optional<String> builtVersion = Optional.empty();
    private volatile long builtAt = System.nanoTime();
    private volatile boolean failing;

    /**
     * @param build makes a new one
     * @param version asked every {@code check}; when it answers something else than before, a new one is built
     * @param refresh the age at which a new one is built in any case
     */
    Latest(String name, Supplier<T> build, Supplier<Optional<String>> version, Duration check, Duration refresh) {
        this.name = name;
        this.build = build;
        this.version = version;
        this.check = check;
        this.refresh = refresh;
        this.worker = Thread.ofPlatform().daemon().name("facets " + name).unstarted(this::work);
    }

    /** Begins with the first build, so that with luck no reader ever waits; otherwise the first reader begins it. */
    synchronized void start() {
        if (worker.getState() == Thread.State.NEW && !closed) {
            invalid = true;
            worker.start();
        }
    }

    /**
     * What there is; waits for the first build when there is nothing, and throws what that threw.
     *
     * @throws NotBuiltYet when that takes longer than {@code patience}; the build goes on
     */
    T get(Duration patience) {
        T there = current;
        if (there != null) {
            return there;
        }
        try {
            return awaited()
                    .copy()
                    .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case DatabaseFailure failure -> failure;
                case TimeoutException late -> new NotBuiltYet(name, patience);
                case null, default -> e;
            };
        }
    }

    private synchronized CompletableFuture<T> awaited() {
        T there = current;
        if (there != null) {
            return CompletableFuture.completedFuture(there);
        }
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        if (awaited == null) {
            awaited = new CompletableFuture<>();
            start();
            notifyAll();
        }
        return awaited;
    }

    /** What there is does not hold any more. It is served until the next one is there. */
    synchronized void invalidate() {
        invalid = true;
        notifyAll();
    }

    /** Whether the last build failed, and readers get something older or nothing. */
    boolean isFailing() {
        return failing;
    }

    /** What there is, or null. */
    @Nullable
    T there() {
        return current;
    }

    /** Since what there is began to be built; without anything, since the beginning. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - builtAt);
    }

    private void work() {
        try {
            while (awaitReason()) {
                try {
                    buildIfDue();
                } catch (RuntimeException | Error e) {
                    // For example no memory to log a failure. Nothing is allocated here.
                    failing = true;
                    fail(e);
                    sleep(check.toNanos());
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void buildIfDue() throws InterruptedException {
        Optional<String> found = versionNow();
        if (isDue(found)) {
            long began = System.nanoTime();
            attempt(found);
            sleep((System.nanoTime() - began) * REST_PER_WORK);
        }
    }

    /** Returns when there may be something to do, at the latest when the check is due; false when it is over. */
    private synchronized boolean awaitReason() throws InterruptedException {
        long until = System.nanoTime() + check.toNanos();
        while (!closed && !invalid && awaited == null) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !closed;
    }

    /**
     * Read before the rows: what changes in between is seen at the next check and built again, never missed. A database
     * that does not answer says nothing about its data. An Error says nothing either, but is no everyday outage: the
     * snapshot counts as failing and a build is tried, which ends that or reports it.
     */
    private Optional<String> versionNow() {
        try {
            return StatementProfile.inBackground("look for changes of a facets snapshot", version::get);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": cannot tell whether the data changed", e);
        } catch (Error e) {
            boolean known = failing;
            failing = true;
            LOG.log(
                    known ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    () -> name + ": cannot tell whether the data changed, so it is built anew",
                    e);
        }
        return builtVersion;
    }

    private synchronized boolean isDue(Optional<String> found) {
        boolean due = invalid
                || failing // what the failed build was for is still owed
                || current == null
                || !found.equals(builtVersion)
                || System.nanoTime() - builtAt >= refresh.toNanos();
        invalid = false;
        return due;
    }

    private void attempt(Optional<String> found) {
        long began = System.nanoTime();
        try {
            T built = StatementProfile.inBackground("facets snapshot", build::get);
            builtVersion = found;
            builtAt = began;
            failing = false;
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> name + ": built in " + (System.nanoTime() - began) / 1_000_000 + " ms");
            publish(built);
        } catch (RuntimeException | Error e) {
            boolean known = failing;
            failing = true; // before the log, which may fail for the same reason
            fail(e);
            LOG.log(
                    known || closed ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    () -> name + ": building the facets snapshot failed; "
                            + (current == null ? "requests get 503 until it succeeds" : "the last one is still served")
                            + (e instanceof DatabaseFailure ? " (" + e.getMessage() + ")" : ""),
                    e instanceof DatabaseFailure ? null : e);
        }
    }

    private synchronized void publish(T built) {
        current = built;
        if (awaited != null) {
            awaited.complete(built);
            awaited = null;
        }
    }

    private synchronized void fail(Throwable cause) {
        if (awaited != null) {
            awaited.completeExceptionally(cause);
            awaited = null;
        }
    }

    /** Cut short for readers that have nothing. */
    private synchronized void sleep(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        long left = nanos;
        while (!closed && awaited == null && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        fail(new IllegalStateException(name + " is closed"));
    }
}
