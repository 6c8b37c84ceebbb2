package dev.headroom.service.database.failure;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The server ran the statement and it failed: a fault in the SQL, the schema or the grants. */
public final class StatementFailed extends DatabaseFailure {

    private final @Nullable String sqlState;

    public StatementFailed(String statement, SQLException cause) {
        super("statement " + statement + " failed with SQLSTATE " + cause.getSQLState() + why(cause), cause);
        this.sqlState = cause.getSQLState();
    }

    /** Class 42 tells of names and rights; what the others tell may hold values. */
    private static String why(SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        if (!state.startsWith("42")) {
            return "";
        }
        String said = String.valueOf(cause.getMessage());
        return " (" + said + ")" + (state.equals(MissingGrant.SQLSTATE) ? "; " + MissingGrant.of(said, null) : "");
    }

    public @Nullable String sqlState() {
        return sqlState;
    }

    @Override
    public String kind() {
        return "failed";
    }
}
