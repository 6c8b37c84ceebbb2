package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.database.DatabaseAccess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The deletion of a resource: its work is stopped, what it may drop is dropped, and then it is let go. It is let go
 * also when the database cannot be asked for as long as our patience, counted from the deletion itself, so that neither
 * a restart of the operator nor a database that is gone keeps a namespace from ending.
 *
 * <p>With {@code removal: Retain} nothing in the database has to be changed but the marks of what stays. That is tried for
 * {@link #RETAIN_PATIENCE} only. No question to the database holds the deletion for longer than what is left of patience.
 */
final class Departure {

    /** With the last question to the database after it, five seconds in all (decision 0055). */
    static final Duration RETAIN_PATIENCE = Duration.ofSeconds(4);

    private static final Duration LAST_QUESTION = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final Concerns concerns;
    private final Clock clock;
    private final Duration patience;

    Departure(Concerns concerns, Clock clock, Duration patience) {
        this.concerns = concerns;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * @param gone the finalizer can go
     * @param complete nothing was left undone
     * @param again when to ask the next time, where it cannot go yet
     */
    record Step(boolean gone, boolean complete, String message, Duration again) {}

    Step step(DbPerformance resource, Access access, Function<DatabaseAccess, Pass> pass) {
        Duration left = left(resource);
        Concerns.Release release = switch (access) {
            case Access.Open open -> released(pass.apply(open.database()), left);
            case Access.Closed closed -> withoutDatabase(resource, closed);
        };
        if (release.done()) {
            return new Step(true, true, release.message(), Duration.ZERO);
        }
        Duration stillLeft = left(resource);
        if (stillLeft.isPositive()) {
            return new Step(false, false, release.message(), pause(stillLeft));
        }
        String gaveBack = access instanceof Access.Open open ? givenUp(pass.apply(open.database())) : "";
        return new Step(
                true,
                false,
                "let go after " + patience(resource).toSeconds() + " s without being able to finish: "
                        + release.message() + (gaveBack.isEmpty() ? "" : "; then: " + gaveBack)
                        + "; what this resource built stays in the database",
                Duration.ZERO);
    }

    private Duration patience(DbPerformance resource) {
        return retains(resource) && patience.compareTo(RETAIN_PATIENCE) > 0 ? RETAIN_PATIENCE : patience;
    }

    private Duration left(DbPerformance resource) {
        Instant since = Instant.parse(resource.getMetadata().getDeletionTimestamp());
        return patience(resource).minus(Duration.between(since, clock.instant()));
    }

    private static Duration pause(Duration left) {
        Duration pause = left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE;
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    private Concerns.Release released(Pass pass, Duration left) {
        return within(left.compareTo(LAST_QUESTION) < 0 ? LAST_QUESTION : left, () -> concerns.release(pass))
                .orElseGet(() -> new Concerns.Release(false, "the database does not answer"));
    }

    private String givenUp(Pass pass) {
        return within(LAST_QUESTION, () -> concerns.giveUp(pass)).orElse("the database does not answer");
    }

    /** Where nothing is to be dropped, nothing needs to be asked: also when the secret went first. */
    private Concerns.Release withoutDatabase(DbPerformance resource, Access.Closed closed) {
        concerns.forget(Claims.idOf(resource));
        return new Concerns.Release(
                retains(resource),
                retains(resource) ? "stopped; its indexes stay" : closed.why().message());
    }

    private static boolean retains(DbPerformance resource) {
        return resource.getSpec().indexes().removal() == Removal.RETAIN;
    }

    /** Empty when it takes longer. It runs on a thread of its own, whose connection an interrupt closes. */
    private static <T> Optional<T> within(Duration limit, Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        Thread.ofVirtual().name("release").start(task);
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            task.cancel(true);
        }
    }
}
