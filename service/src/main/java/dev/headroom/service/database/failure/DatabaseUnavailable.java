package dev.headroom.service.database.failure;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server cannot be reached, refuses connections, or went away in the middle of a statement. */
public final class DatabaseUnavailable extends DatabaseFailure {

    public DatabaseUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }

    @Override
    public String kind() {
        return "unavailable";
    }
}
