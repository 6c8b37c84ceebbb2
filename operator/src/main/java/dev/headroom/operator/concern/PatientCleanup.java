package dev.headroom.operator.concern;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.concern.Concern.Cleanup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The clean-up by one concern after a deletion: tried until it is done, or until the concern's patience is over, which counts from
 * the deletion itself. So neither a restart of the operator nor a database that is gone keeps a namespace from ending (decision
 * 0055). A call that takes longer than what is left of patience is given up.
 */
final class PatientCleanup {

    private static final Duration LAST_CALL = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private @Nullable Step last;

    /**
     * How far it is.
     *
     * @param ended nothing more is tried
     * @param complete nothing was left undone
     * @param again when to try the next time, where it has not ended
     */
    record Step(boolean ended, boolean complete, String message, Duration again) {

        static final Step NOTHING = new Step(true, true, "", LONGEST_PAUSE);

        Step and(Step other) {
            String both = message.isEmpty() || other.message.isEmpty()
                    ? message + other.message
                    : message + "; " + other.message;
            Duration sooner = again.compareTo(other.again) < 0 ? again : other.again;
            return new Step(ended && other.ended, complete && other.complete, both, sooner);
        }
    }

    /** One try, unless it has ended before. */
    Step step(
            Instant deletedAt,
            Duration patience,
            Clock clock,
            Callable<Cleanup> cleanUp,
            Callable<String> abandonCleanup) {
        Step before = last;
        if (before == null || !before.ended()) {
            last = next(deletedAt.plus(patience), patience, clock, cleanUp, abandonCleanup);
        }
        return requireNonNull(last);
    }

    private static Step next(
            Instant end, Duration patience, Clock clock, Callable<Cleanup> cleanUp, Callable<String> abandonCleanup) {
        Cleanup cleanup = within(longer(Duration.between(clock.instant(), end), LAST_CALL), cleanUp)
                .orElseGet(() -> Cleanup.busy("the clean-up does not come to an end"));
        if (cleanup.done()) {
            return new Step(true, true, cleanup.message(), LONGEST_PAUSE);
        }
        Duration left = Duration.between(clock.instant(), end);
        if (left.isPositive()) {
            Duration pause = left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE;
            return new Step(false, false, cleanup.message(), longer(pause, SHORTEST_PAUSE));
        }
        String gaveBack = within(LAST_CALL, abandonCleanup).orElse("nothing could be given back in time");
        return new Step(
                true,
                false,
                "given up after " + patience.toSeconds() + " s without being able to finish: " + cleanup.message()
                        + (gaveBack.isEmpty() || gaveBack.equals(cleanup.message()) ? "" : "; then: " + gaveBack)
                        + "; what this resource built stays in the database",
                LONGEST_PAUSE);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** Empty when it takes longer. It runs on a thread of its own, whose connection an interrupt closes. */
    private static <T> Optional<T> within(Duration limit, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
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
