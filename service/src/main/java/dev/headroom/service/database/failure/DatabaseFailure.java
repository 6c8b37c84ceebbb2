package dev.headroom.service.database.failure;

import dev.headroom.service.database.profile.RunningStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a statement has no answer. The messages name the setting to change and never hold SQL or values. */
public abstract sealed class DatabaseFailure extends RuntimeException
        permits CalledOff,
                DatabaseFull,
                DatabaseUnavailable,
                PoolBusy,
                PoolExhausted,
                StatementTimedOut,
                StatementCancelled,
                StatementFailed,
                StatementInvalid,
                ValueRefused {

    /** What an exception means that came out of a statement on a borrowed connection. */
    public static DatabaseFailure of(String statement, SQLException e) {
        return Failures.of(statement, e);
    }

    /** What an exception means that came out of a statement that began, with so much time for it. */
    public static DatabaseFailure of(RunningStatement statement, SQLException e, Duration timeout) {
        return Failures.of(statement, e, timeout);
    }

    DatabaseFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** When it is worth trying again (for a 503's Retry-After); nothing when trying again changes nothing. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** One word for metrics. */
    public abstract String kind();
}
