package dev.headroom.insight;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key, by its referencing side. {@code parentTable} is the partitioned table that it is inherited from;
 * {@code bytes} and {@code rows} are the referencing table's, the rows being the planner's estimate (negative: never
 * analysed).
 */
public record ForeignKey(
        String name,
        Name table,
        List<String> columns,
        Name referencedTable,
        List<String> referencedColumns,
        String onDelete,
        String onUpdate,
        boolean validated,
        boolean partitioned,
        @Nullable Name parentTable,
        long bytes,
        long rows) {

    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }

    public Optional<Name> inheritedFrom() {
        return Optional.ofNullable(parentTable);
    }
}
