package dev.headroom.service.database;

import org.jspecify.annotations.Nullable;

/** Somebody no longer wanted the answer, see {@link StatementProfile#cancel}. */
public final class StatementCancelled extends DatabaseFailure {

    public StatementCancelled(String statement, @Nullable Throwable cause) {
        super("statement " + statement + " was cancelled: its answer is no longer wanted", cause);
    }

    @Override
    public String kind() {
        return "cancelled";
    }
}
