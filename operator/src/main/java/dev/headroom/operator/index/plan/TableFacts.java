package dev.headroom.operator.index.plan;

import dev.headroom.insight.Name;
import org.jspecify.annotations.Nullable;

/**
 * A table that indexes are wanted on.
 *
 * @param columns a digest of its columns and their types: while it stays the same, so does what an index would be
 * @param changes moves whenever rows were updated or deleted, which may have removed a duplicate key
 * @param obstacle why nothing can be built or dropped on it, with what to run against that; null when there is none
 */
public record TableFacts(
        Name name,
        boolean partitioned,
        String columns,
        long changes,
        @Nullable String obstacle) {}
