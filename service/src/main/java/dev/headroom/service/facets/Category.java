package dev.headroom.service.facets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** One way to tell items apart: its values, in the order of their code points, and for each the items that have it. */
public final class Category {
    private final String name;
    private final List<String> values;
    private final RoaringBitmap[] items;
    private final Map<String, Integer> places = new HashMap<>();

    private Category(String name, List<String> values, RoaringBitmap[] items) {
        this.name = name;
        this.values = values;
        this.items = items;
        for (int place = 0; place < values.size(); place++) {
            places.put(values.get(place), place);
        }
    }

    public String name() {
        return name;
    }

    public int size() {
        return values.size();
    }

    public String value(int place) {
        return values.get(place);
    }

    /** The items that have at least one of the values; a value that no item has adds nothing. */
    RoaringBitmap any(Set<String> wanted) {
        List<RoaringBitmap> found = new ArrayList<>();
        for (String value : wanted) {
            Integer place = places.get(value);
            if (place != null) {
                found.add(items[place]);
            }
        }
        return found.size() == 1 ? found.getFirst() : RoaringBitmap.or(found.toArray(RoaringBitmap[]::new));
    }

    /** Counts over some of the items, or over all of them. */
    Counts counts(@Nullable RoaringBitmap some) {
        int[] counts = new int[items.length];
        for (int place = 0; place < items.length; place++) {
            counts[place] =
                    some == null ? items[place].getCardinality() : RoaringBitmap.andCardinality(items[place], some);
        }
        return Counts.of(this, counts);
    }

    /** Adds to a digest which items have which values. */
    void update(MessageDigest digest) {
        digest.update((name + '/' + values.size() + '/').getBytes(StandardCharsets.UTF_8));
        for (int place = 0; place < items.length; place++) {
            byte[] value = values.get(place).getBytes(StandardCharsets.UTF_8);
            ByteBuffer having = ByteBuffer.allocate(items[place].serializedSizeInBytes());
            items[place].serialize(having);
            digest.update((value.length + "/" + having.capacity() + '/').getBytes(StandardCharsets.US_ASCII));
            digest.update(value);
            digest.update(having.flip());
        }
    }

    /** Collects the values of items that come in the order of their positions. */
    public static final class Builder {
        private final String name;
        private final Map<String, RoaringBitmap> items = new HashMap<>();

        public Builder(String name) {
            this.name = name;
        }

        /** A value given twice for one item counts once. */
        public void add(int position, List<String> values) {
            for (String value : values) {
                items.computeIfAbsent(value, first -> new RoaringBitmap()).add(position);
            }
        }

        public Category build() {
            List<Map.Entry<String, RoaringBitmap>> sorted = new ArrayList<>(items.entrySet());
            sorted.sort((one, other) -> byCodePoints(one.getKey(), other.getKey()));
            List<String> values = new ArrayList<>();
            RoaringBitmap[] ordered = new RoaringBitmap[sorted.size()];
            for (Map.Entry<String, RoaringBitmap> each : sorted) {
                each.getValue().runOptimize();
                each.getValue().trim();
                ordered[values.size()] = each.getValue();
                values.add(each.getKey());
            }
            return new Category(name, List.copyOf(values), ordered);
        }

        /** UTF-8 keeps the order of code points, which the UTF-16 of a String does not. */
        private static int byCodePoints(String one, String other) {
            return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
        }
    }
}
