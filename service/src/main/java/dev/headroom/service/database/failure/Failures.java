package dev.headroom.service.database.failure;

import dev.headroom.service.database.profile.RunningStatement;
import dev.headroom.service.database.profile.StatementProfile;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an SQLException means for the caller. */
final class Failures {

    private static final String QUERY_CANCELED = "57014";
    private static final String DISK_FULL = "53100";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private Failures() {}

    /** Of a statement that began. */
    static DatabaseFailure of(RunningStatement statement, SQLException e, Duration timeout) {
        if (QUERY_CANCELED.equals(e.getSQLState())) {
            if (StatementProfile.current().filter(StatementProfile::isCalledOff).isPresent()) {
                return new CalledOff(statement.name(), e);
            }
            // The text that tells the reasons apart comes in the server's language, so the clock tells.
            return statement.ranNanos() >= timeout.toNanos() * 9 / 10
                    ? new StatementTimedOut(statement.name(), timeout, e)
                    : new StatementCancelled(statement.name(), e);
        }
        return isAboutValue(e) && !statement.params().isEmpty()
                ? new ValueRefused(statement.name(), e)
                : of(statement.name(), e);
    }

    static DatabaseFailure of(String statement, SQLException e) {
        String state = e.getSQLState();
        if (connectionLost(state)) {
            return new DatabaseUnavailable(
                    "the connection to the database was lost while statement " + statement
                            + " ran; if the database is up, see whether something between cuts connections that"
                            + " are older than database.pool.max-lifetime",
                    e);
        }
        if (LOCK_NOT_AVAILABLE.equals(state) || QUERY_CANCELED.equals(state)) {
            return new StatementCancelled(statement, e);
        }
        if (DISK_FULL.equals(state)) {
            return new DatabaseFull(statement, e);
        }
        return new StatementFailed(statement, isAboutValue(e) ? withoutValue(e) : e);
    }

    /** Class 22. Where a request gave no value it is one of a row, and no other request does better. */
    private static boolean isAboutValue(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("22");
    }

    /** The server's words quote it. */
    private static SQLException withoutValue(SQLException e) {
        return new SQLException(
                "the statement makes something of a value of a row that cannot be made", e.getSQLState());
    }

    /** Class 08: the connection; 57P01 to 57P05: shut down, crashed, starting up; 53300: the server has no slot left. */
    private static boolean connectionLost(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("57P0") || state.equals("53300"));
    }
}
