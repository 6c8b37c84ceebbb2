package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.IndexShape;
import java.util.Objects;
import java.util.Set;

/**
 * When one index serves every query that another serves. A preorder: each covers itself, and covering is handed on.
 *
 * <p>Method, predicate, and each key's expression, operator class, collation and order must be equal; a btree also covers
 * the beginnings of itself. INCLUDE columns must be equal too: an index that includes more would serve as well, but it is
 * wider and cannot deduplicate its keys, so dropping the lean one is a trade, not a gain.
 */
final class Cover {
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
        return length <= cover.keys().size() && cover.keys().subList(0, length).equals(covered.keys());
    }

    /** What the storage parameters of other methods say (pages_per_range, fastupdate, …) is part of what they serve. */
    private static boolean sameBuild(IndexShape cover, IndexShape covered) {
        return cover.keys().equals(covered.keys())
                && Set.copyOf(cover.storageParameters()).equals(Set.copyOf(covered.storageParameters()));
    }
}
