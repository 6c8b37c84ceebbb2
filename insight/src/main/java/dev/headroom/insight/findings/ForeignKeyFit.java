package dev.headroom.insight.findings;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexShape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether an index finds the rows that refer to one key: what every DELETE or key UPDATE of the referenced row, and most
 * joins along the key, look up by equality on all its columns.
 */
final class ForeignKeyFit {
    private static final Set<String> EQUALITY_METHODS = Set.of("btree", "hash");

    private static final Pattern NOT_NULL = Pattern.compile("\\(*(\"(?:[^\"]|\"\")+\"|[\\w$]+)\\)* IS NOT NULL\\)*");
    private static final Pattern NOT_NULLS = Pattern.compile(NOT_NULL + "(?: AND " + NOT_NULL + ")*");

    private ForeignKeyFit() {}

    static boolean usable(Index index, ForeignKey key) {
        return misfit(index, key.columns()).isEmpty();
    }

    /** Why not; empty when the index is usable. */
    static Optional<String> misfit(Index index, List<String> foreignKeyColumns) {
        IndexShape shape = index.shape();
        Set<String> columns = new LinkedHashSet<>(foreignKeyColumns);
        if (!EQUALITY_METHODS.contains(shape.method())) {
            return Optional.of("is a " + shape.method() + " index");
        }
        Optional<List<IndexKey>> leading = leading(index, columns);
        if (leading.isEmpty()) {
            return Optional.of("does not begin with them");
        }
        if (leading.get().stream().anyMatch(key -> key.collation() != null)) {
            return Optional.of("sorts by another collation than the column");
        }
        String predicate = shape.predicate();
        if (predicate != null && !isImpliedByEqualityOn(texts(leading.get()), predicate)) {
            return Optional.of("is partial: " + predicate);
        }
        return index.state().usable() ? Optional.empty() : Optional.of("is INVALID");
    }

    /** The columns of the key that the index begins with, when it can be used to look for them. */
    static List<String> columnsFoundBy(Index index, List<String> foreignKeyColumns) {
        List<String> found = new ArrayList<>();
        for (IndexKey key : index.shape().keys()) {
            String column = key.column();
            if (column == null || key.collation() != null || !foreignKeyColumns.contains(column)) {
                break;
            }
            found.add(column);
        }
        String predicate = index.shape().predicate();
        boolean serves = index.shape().btree()
                && index.state().usable()
                && (predicate == null
                        || isImpliedByEqualityOn(texts(index.shape().keys().subList(0, found.size())), predicate));
        return serves ? found : List.of();
    }

    /** The keys that an equality on all these columns pins down, when they are enough to find the rows. */
    private static Optional<List<IndexKey>> leading(Index index, Set<String> columns) {
        List<IndexKey> keys = index.shape().keys();
        int length = Math.min(columns.size(), keys.size());
        List<IndexKey> first = keys.subList(0, length);
        if (onlyColumns(first) && columnsOf(first).equals(columns)) {
            return Optional.of(first);
        }
        // Of a unique key inside the foreign key there is at most one row for each value.
        boolean uniqueWithin = index.role().unique() && onlyColumns(keys) && columns.containsAll(columnsOf(keys));
        return uniqueWithin ? Optional.of(keys) : Optional.empty();
    }

    private static boolean onlyColumns(List<IndexKey> keys) {
        return keys.stream().allMatch(key -> key.column() != null);
    }

    private static Set<String> columnsOf(List<IndexKey> keys) {
        return keys.stream().map(key -> String.valueOf(key.column())).collect(Collectors.toSet());
    }

    private static Set<String> texts(List<IndexKey> keys) {
        return keys.stream().map(IndexKey::text).collect(Collectors.toSet());
    }

    /**
     * Whether a partial index's predicate, as the server prints it, demands nothing but that some of these columns (quoted as the
     * server quotes them) are not null. An equality on them implies such a predicate, so the planner may use the index for it.
     */
    static boolean isImpliedByEqualityOn(Set<String> columns, String predicate) {
        return NOT_NULLS.matcher(predicate).matches()
                && NOT_NULL.matcher(predicate).results().allMatch(part -> columns.contains(part.group(1)));
    }
}
