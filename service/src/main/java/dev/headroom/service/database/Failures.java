package dev.headroom.service.database;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an SQLException means for the caller. */
final class Failures {

    private static final String QUERY_CANCELLED = "57014";

    private Failures() {}

    static DatabaseFailure of(String statement, SQLException e, boolean wantedCancel, Duration statementTimeout) {
        String state = e.getSQLState();
        if (wantedCancel) {
            return new StatementCancelled(statement, e);
        }
        if (QUERY_CANCELLED.equals(state)) {
            return new StatementTimedOut(statement, statementTimeout, e);
        }
        if (connectionLost(state)) {
            return new DatabaseUnavailable(
                    "the connection to the database was lost while statement " + statement
                            + " ran; if the database is up, see whether something between cuts connections",
                    e);
        }
        if (state != null && state.startsWith("22")) {
            return new ValueRefused(statement, e);
        }
        return new StatementFailed(statement, e);
    }

    /** Class 08: connection; 57P01–57P03: shut down, crashed, starting; 53300: the server's own limit; 25P: none. */
    static boolean connectionLost(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("57P0") || state.equals("53300"));
    }
}
