package dev.headroom.insight;

import org.jspecify.annotations.Nullable;

/** What an index is there for beside speed. {@code constraint} is the constraint that it enforces, if one does. */
public record IndexRole(
        boolean unique,
        boolean nullsNotDistinct,
        boolean primary,
        @Nullable String constraint,
        boolean replicaIdentity,
        boolean clustered) {

    public static final IndexRole PLAIN = new IndexRole(false, false, false, null, false, false);

    /** True when dropping the index would change what the database guarantees or publishes, not only how fast it is. */
    public boolean guarantees() {
        return unique || primary || constraint != null || replicaIdentity;
    }
}
