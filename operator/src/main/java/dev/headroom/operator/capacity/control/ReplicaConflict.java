package dev.headroom.operator.capacity.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Detects that another manager undoes our replicas again and again, such as a GitOps tool whose manifest has a number. A single
 * change by somebody else, such as {@code kubectl scale}, is accepted.
 */
final class ReplicaConflict {

    private static final int UNDONE = 3;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** So long the informers may still show the replicas from before our change. */
    private static final Duration UNTIL_SEEN = Duration.ofSeconds(10);

    private final Deque<Instant> undone = new ArrayDeque<>();
    private OptionalInt ours = OptionalInt.empty();
    private Instant setAt = Instant.EPOCH;
    private boolean seen;
    private Optional<String> rival = Optional.empty();

    /** We set the replicas. */
    void recordOwnChange(int replicas, Instant now) {
        ours = OptionalInt.of(replicas);
        setAt = now;
        seen = false;
    }

    /** Compares the replicas of the target with ours; {@code manager} looks up who set them last. */
    void observe(int replicas, Supplier<Optional<String>> manager, Instant now) {
        undone.removeIf(at -> at.isBefore(now.minus(WITHIN)));
        if (ours.isEmpty()) {
            return;
        }
        if (ours.getAsInt() == replicas) {
            seen = true;
        } else if (seen || now.isAfter(setAt.plus(UNTIL_SEEN))) {
            ours = OptionalInt.empty();
            undone.addLast(now);
            rival = manager.get();
        }
    }

    /** The manager that undid our last changes; empty ten minutes after the last one. */
    Optional<String> conflictingManager() {
        return undone.size() >= UNDONE ? Optional.of(rival.orElse("somebody")) : Optional.empty();
    }
}
