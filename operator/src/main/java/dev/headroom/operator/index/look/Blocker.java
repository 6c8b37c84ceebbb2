package dev.headroom.operator.index.look;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that a build or a drop would have to wait for. Its text says since when and not for how long: it stands in
 * the status, where each difference is a write.
 */
public record Blocker(
        Kind kind,
        int pid,
        String who,
        @Nullable Instant since,
        @Nullable String statement,
        String wayOut) {
    private static final int STATEMENT_SHOWN = 80;
    static final Pattern LITERALS = Pattern.compile("'(?:[^']|'')*'?|\\b\\d+(?:\\.\\d+)?\\b");

    /** What it is that has to end. */
    public enum Kind {
        SNAPSHOT("holds a snapshot"),
        WRITER("wrote to the table in a transaction that is still open"),
        READER("read the table in a transaction that is still open"),
        LOCK("holds a lock on the table that excludes a build"),
        PREPARED("is a prepared transaction that wrote to the table"),
        REPLICA("lags behind, and a build writes the whole index to the WAL");

        private final String does;

        Kind(String does) {
            this.does = does;
        }
    }

    public String text() {
        StringBuilder text = new StringBuilder(who).append(' ').append(kind.does);
        if (since != null) {
            text.append(" since ").append(since.truncatedTo(ChronoUnit.SECONDS));
        }
        if (statement != null && !statement.isBlank()) {
            text.append(" (").append(masked(statement)).append(')');
        }
        return text.append("; ").append(wayOut).toString();
    }

    /** Enough to recognise a statement by; its values are none of the status' business. */
    static String masked(String statement) {
        String bare =
                LITERALS.matcher(statement.replaceAll("\\s+", " ").strip()).replaceAll("?");
        return bare.length() <= STATEMENT_SHOWN ? bare : bare.substring(0, STATEMENT_SHOWN) + "…";
    }
}
