package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Indexes that can go because another serves all that they serve. One index is put before another when it covers it and
 * is not covered back, or when both cover each other and it comes first in {@link #keep}. That is a strict order, so
 * everything proposed is covered by something that is not: applying every proposal takes no query its index.
 */
final class RedundantIndexes {
    private final List<Index> indexes;
    private final Structure structure;
    /** Orders equal indexes by which to keep: first those of constraints, then declared ones, then those CLUSTER uses. */
    private final Comparator<Index> keep;

    private RedundantIndexes(Structure structure, List<Index> indexes, Set<Name> declared) {
        this.structure = structure;
        this.indexes = indexes;
        this.keep = Comparator.<Index, Boolean>comparing(RedundantIndexes::droppable)
                .thenComparing(index -> !index.role().unique())
                .thenComparing(index -> !declared.contains(index.name()))
                .thenComparing(index -> !index.role().clustered())
                .thenComparing(Index::name);
    }

    /** {@code declared} are rather kept than others that are equal. */
    static List<Finding> of(Structure structure, List<Index> indexes, Set<Name> declared) {
        return new RedundantIndexes(structure, indexes, declared).findings();
    }

    /** Only indexes that begin alike can cover each other. */
    private record Beginning(Name table, Optional<IndexKey> first) {}

    private List<Finding> findings() {
        var candidates = indexes.stream()
                .filter(RedundantIndexes::settled)
                .collect(Collectors.groupingBy(index -> new Beginning(
                        index.table(), index.shape().keys().stream().findFirst())));
        return candidates.values().stream()
                .flatMap(alike -> alike.stream()
                        .flatMap(index -> keptInsteadOf(index, alike).map(kept -> finding(index, kept)).stream()))
                .sorted(Finding.ORDER)
                .toList();
    }

    /** The index that makes this one superfluous, itself not proposed; empty when this one stays. */
    private Optional<Index> keptInsteadOf(Index index, List<Index> alike) {
        return droppable(index)
                ? alike.stream()
                        .filter(other -> before(other, index))
                        .filter(other -> !droppable(other) || alike.stream().noneMatch(better -> before(better, other)))
                        .min(Comparator.<Index>comparingInt(
                                        other -> other.shape().keys().size())
                                .thenComparing(keep))
                : Optional.empty();
    }

    private boolean before(Index cover, Index covered) {
        return !cover.equals(covered)
                && Cover.covers(cover, covered)
                && (!covered.role().guarantees() || guaranteesTheSame(cover, covered))
                && (!Cover.covers(covered, cover) || keep.compare(cover, covered) < 0);
    }

    /** A partition's index that is attached goes and stays with its parent. */
    private static boolean droppable(Index index) {
        return (!index.role().guarantees() || index.role().onlyUnique())
                && index.parentIndex().isEmpty();
    }

    private static boolean guaranteesTheSame(Index cover, Index covered) {
        return covered.role().onlyUnique()
                && cover.role().unique()
                && !cover.role().deferrable()
                && cover.role().nullsNotDistinct() == covered.role().nullsNotDistinct()
                && Cover.covers(covered, cover);
    }

    private static boolean settled(Index index) {
        return index.state().usable() && !index.state().changing();
    }

    private Finding finding(Index index, Index kept) {
        boolean same = Cover.covers(index, kept);
        String evidence = kept.name().name() + " " + keys(kept) + role(kept) + " serves every query that "
                + index.name().name() + " " + keys(index) + " serves: "
                + (same ? "they are equal" : "it begins with the same keys")
                + "; " + index.name().name() + " takes " + Finding.size(index.bytes()) + " and had " + index.scans()
                + " scans. To have it back: " + OnlineDdl.restore(index, structure);
        return new Finding(
                same ? Finding.Kind.DUPLICATE_INDEX : Finding.Kind.REDUNDANT_INDEX,
                index.name().toString(),
                same ? Finding.Severity.MEDIUM : Finding.Severity.LOW,
                evidence,
                OnlineDdl.drop(index));
    }

    private static String keys(Index index) {
        return index.shape().keys().stream()
                .map(key -> key.text() + (key.descending() ? " DESC" : ""))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String role(Index kept) {
        String constraint = kept.role().constraint();
        return constraint != null
                ? " of the constraint " + constraint
                : kept.role().unique() ? ", unique," : "";
    }

    /**
     * When one index serves every query that another serves. A preorder: each covers itself, and covering is handed on.
     *
     * <p>Method, predicate, and each key's expression, operator class, collation and order must be equal; a btree also covers
     * the beginnings of itself. INCLUDE columns must be equal too: an index that includes more would serve as well, but it is
     * wider and cannot deduplicate its keys, so dropping the lean one is a trade, not a gain.
     */
    static final class Cover {
        private Cover() {}

        static boolean covers(Index cover, Index covered) {
            return cover.table().equals(covered.table()) && covers(cover.shape(), covered.shape());
        }

        static boolean covers(IndexShape cover, IndexShape covered) {
            return cover.method().equals(covered.method())
                    && Objects.equals(cover.predicate(), covered.predicate())
                    && Set.copyOf(cover.include()).equals(Set.copyOf(covered.include()))
                    && (cover.btree() ? beginsWith(cover, covered) : sameBuild(cover, covered));
        }

        private static boolean beginsWith(IndexShape cover, IndexShape covered) {
            int length = covered.keys().size();
            return length <= cover.keys().size()
                    && cover.keys().subList(0, length).equals(covered.keys());
        }

        /** What the storage parameters of other methods say (pages_per_range, fastupdate, …) is part of what they serve. */
        private static boolean sameBuild(IndexShape cover, IndexShape covered) {
            return cover.keys().equals(covered.keys())
                    && Set.copyOf(cover.storageParameters()).equals(Set.copyOf(covered.storageParameters()));
        }
    }
}
