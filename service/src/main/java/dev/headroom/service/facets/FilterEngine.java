package dev.headroom.service.facets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Answers filters over a fixed set of items by bitmap algebra alone: OR within a group, AND between groups, and counts
 * as cardinalities of intersections. Its cost is that of a few operations on bitmaps per value, whatever the items hold;
 * no item is looked at. Immutable, so any number of requests share it.
 */
public final class FilterEngine {
    private final List<Category> categories;
    private final Map<String, Category> byName = new HashMap<>();
    private final List<Counts> global;
    private final RoaringBitmap everything;

    /**
     * What a filter leaves.
     *
     * @param positions the positions of all items that match
     * @param counts for each category, over the items that match
     * @param orCounts for each group, the counts of its category over the items that match all other groups
     */
    public record Selection(RoaringBitmap positions, List<Counts> counts, List<Counts> orCounts) {}

    public FilterEngine(int items, List<Category> categories) {
        this.categories = List.copyOf(categories);
        this.everything = RoaringBitmap.bitmapOfRange(0, items);
        this.global = categories.stream().map(category -> category.counts(null)).toList();
        categories.forEach(category -> byName.put(category.name(), category));
    }

    /** For each category, over all items. */
    public List<Counts> global() {
        return global;
    }

    public Selection select(List<Group> groups) {
        if (groups.isEmpty()) {
            return new Selection(everything, global, List.of());
        }
        List<Category> of =
                groups.stream().map(group -> category(group.category())).toList();
        List<RoaringBitmap> matches = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            matches.add(of.get(group).any(groups.get(group).values()));
        }
        List<@Nullable RoaringBitmap> others = intersectionsWithoutEach(matches);
        List<Counts> orCounts = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            orCounts.add(counts(of.get(group), others.get(group)));
        }
        RoaringBitmap positions = and(others.getLast(), matches.getLast());
        return new Selection(
                positions,
                categories.stream().map(category -> category.counts(positions)).toList(),
                orCounts);
    }

    private Category category(String name) {
        Category category = byName.get(name);
        if (category == null) {
            throw new IllegalArgumentException("no category is called " + name);
        }
        return category;
    }

    private Counts counts(Category category, @Nullable RoaringBitmap some) {
        return some == null ? global.get(categories.indexOf(category)) : category.counts(some);
    }

    /** For each bitmap the intersection of all others, null for no others; in linear time, from both ends. */
    private static List<@Nullable RoaringBitmap> intersectionsWithoutEach(List<RoaringBitmap> bitmaps) {
        int size = bitmaps.size();
        @Nullable RoaringBitmap[] after = new RoaringBitmap[size];
        for (int i = size - 2; i >= 0; i--) {
            after[i] = and(after[i + 1], bitmaps.get(i + 1));
        }
        List<@Nullable RoaringBitmap> without = new ArrayList<>();
        RoaringBitmap before = null;
        for (int i = 0; i < size; i++) {
            RoaringBitmap rest = after[i];
            without.add(rest == null ? before : and(before, rest));
            before = and(before, bitmaps.get(i));
        }
        return without;
    }

    /** Null stands for everything. */
    private static RoaringBitmap and(@Nullable RoaringBitmap one, RoaringBitmap other) {
        return one == null ? other : RoaringBitmap.and(one, other);
    }
}
