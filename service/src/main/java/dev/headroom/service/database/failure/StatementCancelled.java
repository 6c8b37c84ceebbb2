package dev.headroom.service.database.failure;

import java.time.Duration;
import java.util.Optional;

/** The server stopped a statement before its time, and not because it ran too long: somebody or something else did. */
public final class StatementCancelled extends DatabaseFailure {

    StatementCancelled(String statement, Throwable cause) {
        super(
                "statement " + statement + " was cancelled on the server, by an administrator or a limit of its own",
                cause);
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }

    @Override
    public String kind() {
        return "cancelled";
    }
}
