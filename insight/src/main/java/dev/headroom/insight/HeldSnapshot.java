package dev.headroom.insight;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that makes old row versions be kept, and a concurrent index build wait. {@code age} is in transactions; {@code
 * held} is how long its transaction is open, where that is known. {@code who} is what to look for: a session and its
 * application, a prepared transaction's name, a slot's.
 */
public record HeldSnapshot(
        Holder holder,
        String who,
        @Nullable Integer pid,
        @Nullable String database,
        long age,
        @Nullable Duration held,
        @Nullable String state,
        @Nullable String query) {
    public enum Holder {
        SESSION,
        PREPARED_TRANSACTION,
        REPLICATION_SLOT,
        STANDBY
    }

    public Optional<Duration> heldFor() {
        return Optional.ofNullable(held);
    }

    /** The statement that would let go, for a human to run after thinking. */
    public String release() {
        return switch (holder) {
            case SESSION -> "SELECT pg_terminate_backend(" + pid + ");";
            case PREPARED_TRANSACTION -> "ROLLBACK PREPARED " + literal(who) + ";";
            case REPLICATION_SLOT -> "SELECT pg_drop_replication_slot(" + literal(who) + ");";
            case STANDBY -> "-- on the standby: end its long queries, or set hot_standby_feedback = off";
        };
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
