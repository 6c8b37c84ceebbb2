package dev.headroom.insight;

import dev.headroom.insight.Index.IndexKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An index as the catalog has it. {@code partitioned} is the index of a partitioned table: it holds nothing itself, its
 * partitions name it as {@code parent}.
 *
 * @param version of the catalog rows that it was read from; 0 for one that was not read
 */
public record Index(
        long oid,
        Name name,
        Name table,
        IndexShape shape,
        IndexRole role,
        IndexState state,
        boolean partitioned,
        @Nullable Name parent,
        String definition,
        long bytes,
        long scans,
        @Nullable String comment,
        long version) {

    public Optional<Name> parentIndex() {
        return Optional.ofNullable(parent);
    }

    public Optional<String> commentText() {
        return Optional.ofNullable(comment);
    }

    /**
     * One key of an index. {@code text} is the column, quoted where it must be, or the expression, as the server prints it;
     * {@code column} is null for an expression. {@code collation} is null where it is the column's own.
     */
    public record IndexKey(
            String text,
            @Nullable String column,
            String opclass,
            @Nullable String collation,
            boolean descending,
            boolean nullsFirst) {}

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

    /**
     * What an index can serve: everything that decides which queries may use it, and nothing else. The order in which storage
     * parameters were written means nothing.
     */
    public record IndexShape(
            String method,
            List<IndexKey> keys,
            List<String> include,
            @Nullable String predicate,
            List<String> storageParameters) {

        public IndexShape {
            keys = List.copyOf(keys);
            include = List.copyOf(include);
            storageParameters = storageParameters.stream().sorted().toList();
        }

        public boolean btree() {
            return method.equals("btree");
        }
    }

    /**
     * {@code valid}, {@code ready} and {@code live} as pg_index has them; {@code changing} while a CREATE, REINDEX or DROP
     * INDEX CONCURRENTLY that may still change them is running.
     */
    public record IndexState(boolean valid, boolean ready, boolean live, boolean changing) {
        public static final IndexState VALID = new IndexState(true, true, true, false);

        /** True when the planner may use it. */
        public boolean usable() {
            return valid && ready && live;
        }
    }
}
