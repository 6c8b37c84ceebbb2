package dev.headroom.service.database.failure;

import org.jspecify.annotations.Nullable;

/** The server refused to prepare a statement. */
public final class StatementInvalid extends DatabaseFailure {

    private final String sqlState;
    private final int offset;
    private final @Nullable String hint;

    /** @param offset of the place in the SQL as it was given, in characters from 0, or -1 when the server names none. */
    public StatementInvalid(
            String message, String sqlState, int offset, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
        this.offset = offset;
        this.hint = hint;
    }

    public String sqlState() {
        return sqlState;
    }

    public int offset() {
        return offset;
    }

    public @Nullable String hint() {
        return hint;
    }

    @Override
    public String kind() {
        return "invalid";
    }
}
