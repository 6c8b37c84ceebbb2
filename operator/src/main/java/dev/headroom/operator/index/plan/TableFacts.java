package dev.headroom.operator.index.plan;

import dev.headroom.insight.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that indexes are wanted on.
 *
 * @param partitionKey the columns that rows are distributed by, {@link #EXPRESSION} for what is none; empty when the table is
 *     not partitioned
 * @param columns a digest of its columns and their types: while it stays the same, so does what an index would be
 * @param changes moves whenever rows were updated or deleted, which may have removed a duplicate key
 * @param obstacle why nothing can be built or dropped on it, with what to run against that; null when there is none
 */
public record TableFacts(
        Name name,
        List<String> partitionKey,
        String columns,
        long changes,
        @Nullable String obstacle) {
    public static final String EXPRESSION = "(an expression)";

    public TableFacts {
        partitionKey = List.copyOf(partitionKey);
    }

    boolean partitioned() {
        return !partitionKey.isEmpty();
    }
}
