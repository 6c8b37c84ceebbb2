package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Concern.Cleanup;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformance;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Cleans up after a deleted resource, and ends also when that is impossible for as long as the concerns' patience, counted from
 * the deletion itself: neither a restart of the operator nor a database that is gone keeps a namespace from ending (decision
 * 0055). No question to the database holds the deletion for longer than what is left of patience.
 */
final class ResourceCleanup {

    private static final Duration LAST_QUESTION = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final Concerns concerns;
    private final Clock clock;
    private final Duration longest;

    /** @param longest the patience of the most patient concern */
    ResourceCleanup(Concerns concerns, Clock clock, Duration longest) {
        this.concerns = concerns;
        this.clock = clock;
        this.longest = longest;
    }

    /**
     * @param ended the finalizer can go
     * @param complete nothing was left undone
     * @param again when to try the next time, where it has not ended
     */
    record Step(boolean ended, boolean complete, String message, Duration again) {}

    Step step(DbPerformance resource, Pass pass) {
        Duration patience = concerns.patience(resource.getSpec(), longest);
        Duration left = left(resource, patience);
        Cleanup cleanup = within(left.compareTo(LAST_QUESTION) < 0 ? LAST_QUESTION : left, () -> concerns.cleanUp(pass))
                .orElseGet(() -> Cleanup.busy("the database does not answer"));
        if (cleanup.done()) {
            return new Step(true, true, cleanup.message(), Duration.ZERO);
        }
        Duration stillLeft = left(resource, patience);
        if (stillLeft.isPositive()) {
            return new Step(false, false, cleanup.message(), pause(stillLeft));
        }
        String gaveBack =
                within(LAST_QUESTION, () -> concerns.abandonCleanup(pass)).orElse("the database does not answer");
        return new Step(
                true,
                false,
                "given up after " + patience.toSeconds() + " s without being able to finish: " + cleanup.message()
                        + (gaveBack.isEmpty() || gaveBack.equals(cleanup.message()) ? "" : "; then: " + gaveBack)
                        + "; what this resource built stays in the database",
                Duration.ZERO);
    }

    private Duration left(DbPerformance resource, Duration patience) {
        Instant since = Instant.parse(resource.getMetadata().getDeletionTimestamp());
        return patience.minus(Duration.between(since, clock.instant()));
    }

    private static Duration pause(Duration left) {
        Duration pause = left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE;
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    /** Empty when it takes longer. It runs on a thread of its own, whose connection an interrupt closes. */
    private static <T> Optional<T> within(Duration limit, Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        Thread.ofVirtual().name("cleanup").start(task);
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
