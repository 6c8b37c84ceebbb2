package dev.headroom.insight.findings;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Name;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An index that foreign keys of one table lack. It is named and put on {@code table} with these columns;
 * {@code tables} are those that hold rows and have no such index: the table itself, or some of its partitions.
 */
public record MissingForeignKeyIndex(
        Name table, String indexName, List<String> columns, List<ForeignKey> keys, List<Name> tables, Finding finding) {
    public MissingForeignKeyIndex {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
    }

    static String object(Name table, List<ForeignKey> keys) {
        return table + " " + keys.stream().map(ForeignKey::name).sorted().collect(Collectors.joining(", "));
    }
}
