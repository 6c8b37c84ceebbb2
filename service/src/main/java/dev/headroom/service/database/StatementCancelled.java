package dev.headroom.service.database;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server stopped a statement before its time: nobody wanted the answer any more, or somebody else stopped it. */
public final class StatementCancelled extends DatabaseFailure {

    private final boolean wanted;

    private StatementCancelled(String message, boolean wanted, @Nullable Throwable cause) {
        super(message, cause);
        this.wanted = wanted;
    }

    /** By {@link StatementProfile#cancel}: whoever asked is gone. */
    static StatementCancelled unwanted(String statement, @Nullable Throwable cause) {
        return new StatementCancelled(
                "statement " + statement + " was cancelled: its answer is no longer wanted", false, cause);
    }

    /** By an administrator, a lock_timeout or the server itself. */
    static StatementCancelled byOthers(String statement, Throwable cause) {
        return new StatementCancelled(
                "statement " + statement + " was cancelled on the server, by an administrator or a limit of its own",
                true,
                cause);
    }

    /** Whether somebody still waits for the answer. */
    public boolean wanted() {
        return wanted;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return wanted ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }

    @Override
    public String kind() {
        return "cancelled";
    }
}
