package dev.headroom.service.database.failure;

import dev.headroom.service.settings.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server cancelled a statement that ran over its budget. */
public final class StatementTimedOut extends DatabaseFailure {

    private final String statement;

    StatementTimedOut(String statement, Duration budget, @Nullable Throwable cause) {
        this(statement, "database.statement-timeout", budget, cause);
    }

    /** Of a statement whose budget is another setting than the general one. */
    public StatementTimedOut(String statement, String setting, Duration budget, @Nullable Throwable cause) {
        super(
                "statement " + statement + " ran over " + setting + " (" + Durations.format(budget)
                        + ") and was cancelled; give it an index or a smaller limit, or raise the setting",
                cause);
        this.statement = statement;
    }

    public String statement() {
        return statement;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(5));
    }

    @Override
    public String kind() {
        return "timeout";
    }
}
