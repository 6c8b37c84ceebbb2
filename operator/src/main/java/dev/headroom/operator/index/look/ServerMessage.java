package dev.headroom.operator.index.look;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the server said, in one line, without the driver's ornaments. */
public final class ServerMessage {
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

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
