package dev.headroom.insight;

import org.jspecify.annotations.Nullable;

/**
 * What an index is there for beside speed.
 *
 * @param constraint the constraint that it enforces; null for none
 * @param deferrable whether uniqueness is only checked at the end of a transaction
 * @param referenced whether a foreign key relies on this very index
 */
public record IndexRole(
        boolean unique,
        boolean nullsNotDistinct,
        boolean primary,
        @Nullable String constraint,
        boolean replicaIdentity,
        boolean clustered,
        boolean deferrable,
        boolean referenced) {

    public static final IndexRole PLAIN = new IndexRole(false, false, false, null, false, false);

    public IndexRole(
            boolean unique,
            boolean nullsNotDistinct,
            boolean primary,
            @Nullable String constraint,
            boolean replicaIdentity,
            boolean clustered) {
        this(unique, nullsNotDistinct, primary, constraint, replicaIdentity, clustered, false, false);
    }

    /** True when dropping the index would change what the database guarantees or publishes, not only how fast it is. */
    public boolean guarantees() {
        return unique || primary || constraint != null || replicaIdentity;
    }

    /** True when uniqueness is all that it guarantees, so that another unique index can take its place. */
    public boolean onlyUnique() {
        return unique && !primary && constraint == null && !replicaIdentity && !referenced;
    }
}
