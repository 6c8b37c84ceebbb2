package dev.headroom.service.database.failure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The server stopped a statement before its time, and not because it ran too long: somebody or something else did. */
public final class StatementCancelled extends DatabaseFailure {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    StatementCancelled(String statement, SQLException cause) {
        super("statement " + statement + ' ' + why(cause), cause);
    }

    private static String why(SQLException cause) {
        return LOCK_NOT_AVAILABLE.equals(cause.getSQLState())
                ? "waited too long for a lock that another session holds"
                : "was cancelled on the server, by an administrator or a time limit (as where another session holds a lock)";
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
