package dev.headroom.service.database.failure;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The server ran the statement and it failed: a fault in the SQL, the schema or the grants. */
public final class StatementFailed extends DatabaseFailure {

    private static final Set<String> CHANGED = Set.of("42703", "42P01", "42883", "42804");
    private static final String READ_ONLY = "25006";

    private final @Nullable String sqlState;

    public StatementFailed(String statement, SQLException cause) {
        super("statement " + statement + " failed with SQLSTATE " + cause.getSQLState() + why(cause), cause);
        this.sqlState = cause.getSQLState();
    }

    /** Class 42 tells of names and rights, 25 of transactions; what the others tell may hold values. */
    private static String why(SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        return isOfNames(state) ? " (" + said(cause) + ")" + hint(state, said(cause)) : "";
    }

    private static boolean isOfNames(String state) {
        return state.startsWith("42") || state.startsWith("25");
    }

    private static String hint(String state, String said) {
        if (state.equals(MissingGrant.SQLSTATE)) {
            return "; " + MissingGrant.of(said, null);
        }
        if (state.equals(READ_ONLY)) {
            return "; the statement, or a function that it calls, writes, and endpoints run read only";
        }
        return CHANGED.contains(state) ? "; a table changed since the start: run --check-catalogs" : "";
    }

    /** The server's message, in one line. */
    private static String said(SQLException cause) {
        ServerErrorMessage server = cause instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        return String.valueOf(server == null ? cause.getMessage() : server.getMessage())
                .replaceAll("\\s+", " ");
    }

    /** The message for the log alone, with whatever the server said. */
    public String forLog() {
        return getCause() instanceof SQLException cause && !isOfNames(String.valueOf(sqlState))
                ? getMessage() + " (" + said(cause) + ")"
                : String.valueOf(getMessage());
    }

    public @Nullable String sqlState() {
        return sqlState;
    }

    @Override
    public String kind() {
        return "failed";
    }
}
