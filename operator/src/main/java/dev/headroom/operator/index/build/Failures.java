package dev.headroom.operator.index.build;

import dev.headroom.operator.index.build.Outcome.Failed;
import dev.headroom.operator.index.build.Outcome.Kind;
import dev.headroom.operator.index.look.ServerMessage;
import java.sql.SQLException;

/** What an error of the server means, and what to do about it. */
final class Failures {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String RIGHTS_MISSING = "42501";

    private Failures() {}

    static Failed of(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = ServerMessage.withoutValues(e);
        return switch (state) {
            case LOCK_NOT_AVAILABLE ->
                new Failed(Kind.WAITED_TOO_LONG, message + ": other transactions did not end within build.lockTimeout");
            case QUERY_CANCELED ->
                new Failed(
                        Kind.WAITED_TOO_LONG,
                        message
                                + (message.contains("statement timeout")
                                        ? ": it took longer than build.statementTimeout allows"
                                        : ""));
            case UNIQUE_VIOLATION ->
                new Failed(
                        Kind.DUPLICATE_KEY,
                        message + " Remove the duplicates, or do not declare the index as unique; it is tried again as"
                                + " soon as rows of the table were updated or deleted");
            case RIGHTS_MISSING -> new Failed(Kind.RIGHTS, message);
            default -> new Failed(byClass(state), message);
        };
    }

    private static Kind byClass(String state) {
        if (state.startsWith("53") || state.startsWith("58")) {
            return Kind.RESOURCES;
        }
        boolean gone = state.startsWith("08") || state.startsWith("57P") || state.startsWith("28");
        return gone ? Kind.CONNECTION : Kind.OTHER;
    }
}
