package dev.headroom.operator.capacity.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Notices that somebody else sets the replicas again and again after us, such as a GitOps tool whose manifest has a number. Once
 * is a person with {@code kubectl scale}, and welcome.
 */
final class ReplicaContest {

    private static final int UNDONE = 3;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    private final Deque<Instant> undone = new ArrayDeque<>();
    private OptionalInt ours = OptionalInt.empty();
    private Optional<String> rival = Optional.empty();

    /** We set the replicas. */
    void set(int replicas) {
        ours = OptionalInt.of(replicas);
    }

    /** The replicas are these now, set last by this manager other than us. */
    void saw(int replicas, Optional<String> manager, Instant now) {
        undone.removeIf(at -> at.isBefore(now.minus(WITHIN)));
        if (ours.isPresent() && ours.getAsInt() != replicas) {
            ours = OptionalInt.empty();
            undone.addLast(now);
            rival = manager;
        }
    }

    /** Who undoes our changes, while it lasts. */
    Optional<String> rival() {
        return undone.size() >= UNDONE ? Optional.of(rival.orElse("somebody")) : Optional.empty();
    }
}
