package dev.headroom.insight;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An index as the catalog has it. {@code partitioned} is the index of a partitioned table: it holds nothing itself, its
 * partitions name it as {@code parent}.
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
        @Nullable String comment) {

    public Optional<Name> parentIndex() {
        return Optional.ofNullable(parent);
    }

    public Optional<String> commentText() {
        return Optional.ofNullable(comment);
    }
}
