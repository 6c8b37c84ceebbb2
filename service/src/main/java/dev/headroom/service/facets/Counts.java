package dev.headroom.service.facets;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many items have each value of one category: only values that some item has, the most frequent first, values of
 * the same count in the order of their code points.
 */
public final class Counts {
    private final Category category;

    /** Sorts as it stands: the upper half falls as the count rises, the lower half is the value's place in the category. */
    private final long[] sorted;

    private Counts(Category category, long[] sorted) {
        this.category = category;
        this.sorted = sorted;
    }

    /** From one count per value, in the category's order of values. */
    static Counts of(Category category, int[] counts) {
        long[] packed = new long[counts.length];
        int used = 0;
        for (int value = 0; value < counts.length; value++) {
            if (counts[value] > 0) {
                packed[used++] = (long) (Integer.MAX_VALUE - counts[value]) << Integer.SIZE | value;
            }
        }
        long[] sorted = Arrays.copyOf(packed, used);
        Arrays.sort(sorted);
        return new Counts(category, sorted);
    }

    public Category category() {
        return category;
    }

    /** How many values have a count. */
    public int size() {
        return sorted.length;
    }

    /** The place, in its category, of the value at a rank. */
    int valueAt(int rank) {
        return (int) sorted[rank];
    }

    public int countAt(int rank) {
        return Integer.MAX_VALUE - (int) (sorted[rank] >>> Integer.SIZE);
    }

    public Map<String, Integer> asMap() {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int rank = 0; rank < size(); rank++) {
            map.put(category.value(valueAt(rank)), countAt(rank));
        }
        return map;
    }
}
