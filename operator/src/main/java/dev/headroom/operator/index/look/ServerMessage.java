package dev.headroom.operator.index.look;

import dev.headroom.operator.index.look.Preflight.Blocker;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the server said, in one line, without the driver's ornaments. */
public final class ServerMessage {
    private static final Pattern KEY_VALUES = Pattern.compile("\\)=\\(.*\\)", Pattern.DOTALL);
    private static final Pattern ROW_VALUES = Pattern.compile("\\(.*\\)", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("\".*\"", Pattern.DOTALL);

    private ServerMessage() {}

    public static String of(SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (said == null) {
            return oneLine(String.valueOf(e.getMessage()));
        }
        String detail = said.getDetail() == null ? "" : " " + said.getDetail();
        String hint = said.getHint() == null ? "" : " Hint: " + said.getHint();
        return oneLine(said.getMessage() + (detail.isEmpty() ? "" : ":" + detail) + hint);
    }

    /**
     * The same for an error over the rows of a table. Their values become question marks, since the text goes into the
     * status and into Events.
     */
    public static String withoutValues(SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String state = String.valueOf(e.getSQLState());
        if (said == null) {
            return of(e);
        }
        return switch (state.substring(0, 2)) {
            case "23" -> oneLine(said.getMessage() + violated(said.getDetail()));
            case "22" -> oneLine(masked(said.getMessage()));
            case "P0" ->
                "a function that the index uses raised an error (SQLSTATE " + state
                        + "); its text may have values of rows, so only the server's log has it";
            default -> of(e);
        };
    }

    /** "Key (email)=(x5) is duplicated." names columns and values; any other detail may be a whole row. */
    private static String violated(@Nullable String detail) {
        if (detail == null) {
            return "";
        }
        Matcher key = KEY_VALUES.matcher(detail);
        return ": "
                + (key.find()
                        ? key.replaceFirst(")=(?)")
                        : ROW_VALUES.matcher(detail).replaceAll("(?)"));
    }

    private static String masked(@Nullable String text) {
        String unquoted = QUOTED.matcher(String.valueOf(text)).replaceAll("\"?\"");
        return Blocker.LITERALS.matcher(unquoted).replaceAll("?");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
