package dev.headroom.service.facets;

import dev.headroom.service.database.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** The whole set as it was at one moment, with everything rendered that does not depend on a request. Immutable. */
public final class Snapshot {
    private final FilterEngine engine;
    private final ItemStore items;
    private final AnswerShape shape;

    /** For each category the JSON keys of its values, {@code "value":}. */
    private final Map<String, byte[][]> keys = new LinkedHashMap<>();

    private final Piece globalCounts;

    /** What stands between the counts and the counts of the groups, and between those and the page: always the same. */
    private final Piece afterCounts;

    private final Piece afterGroups;
    private final byte[] digest;

    Snapshot(List<Category> categories, ItemStore items, AnswerShape shape, Map<String, byte[]> constants) {
        this.engine = new FilterEngine(items.size(), categories);
        this.items = items;
        this.shape = shape;
        categories.forEach(category -> keys.put(category.name(), keys(category)));
        this.globalCounts = Piece.lasting(rendered(out -> putCounts(engine.global(), out)));
        this.afterCounts = Piece.lasting(rendered(out -> {
            out.put(ascii(",\"globalCounts\":"));
            out.put(globalCounts.bytes());
            out.put(ascii(",\"orCounts\":["));
        }));
        this.afterGroups = Piece.lasting(rendered(out -> {
            out.put(']');
            constants.forEach((name, json) -> {
                out.put(',');
                putName(name, out);
                out.put(json);
            });
        }));
        this.digest = digest(categories);
    }

    /** Of all that answers are made from. */
    private byte[] digest(List<Category> categories) {
        MessageDigest sha = sha256();
        items.update(sha);
        sha.update(ascii(shape.items()));
        categories.forEach(category -> category.update(sha));
        sha.update(afterCounts.bytes());
        sha.update(afterGroups.bytes());
        return sha.digest();
    }

    /** Names the answer that this snapshot gives to a filter: 16 bytes of a digest, in hexadecimal. */
    String tag(String filter) {
        MessageDigest sha = sha256();
        sha.update(digest);
        return HexFormat.of().formatHex(sha.digest(filter.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] rendered(Consumer<JsonBuffer> writing) {
        JsonBuffer out = new JsonBuffer(1024);
        writing.accept(out);
        return out.toByteArray();
    }

    public int size() {
        return items.size();
    }

    FilterEngine engine() {
        return engine;
    }

    /**
     * Answers a request.
     *
     * @param limit most items on the page, empty for all
     * @param offset how many of the matching items come before the page
     */
    public FacetAnswer answer(List<Group> groups, Optional<Long> limit, long offset) {
        FilterEngine.Selection selection = engine.select(groups);
        int total = selection.positions().getCardinality();
        byte[] head = rendered(out -> {
            out.put(ascii("{\"total\":" + total + ","));
            putName(shape.items(), out);
            out.put('[');
        });
        boolean unfiltered = groups.isEmpty();
        String page = ",\"offset\":" + offset + ",\"limit\":"
                + limit.map(Object::toString).orElse("null") + "}";
        List<Piece> tail = List.of(
                Piece.of(ascii("],\"counts\":")),
                unfiltered ? globalCounts : Piece.of(rendered(out -> putCounts(selection.counts(), out))),
                afterCounts,
                Piece.of(rendered(out -> putGroups(selection.orCounts(), out))),
                afterGroups,
                Piece.of(ascii(page)));
        return new FacetAnswer(head, items, page(selection.positions(), total, limit, offset), tail);
    }

    private void putGroups(List<Counts> groups, JsonBuffer out) {
        boolean first = true;
        for (Counts counts : groups) {
            if (!first) {
                out.put(',');
            }
            first = false;
            putCounts(counts, out);
        }
    }

    private static int[] page(RoaringBitmap positions, int total, Optional<Long> limit, long offset) {
        int count = (int) Math.min(Math.max(0, total - offset), limit.orElse(Long.MAX_VALUE));
        if (count <= 0) {
            return new int[0];
        }
        int[] page = new int[count];
        PeekableIntIterator each = positions.getIntIterator();
        each.advanceIfNeeded(positions.select((int) offset));
        for (int i = 0; i < count; i++) {
            page[i] = each.next();
        }
        return page;
    }

    private void putCounts(List<Counts> all, JsonBuffer out) {
        out.put('{');
        boolean first = true;
        for (Counts counts : all) {
            if (!first) {
                out.put(',');
            }
            first = false;
            putName(counts.category().name(), out);
            putCounts(counts, out);
        }
        out.put('}');
    }

    private void putCounts(Counts counts, JsonBuffer out) {
        byte[] @Nullable [] names = keys.get(counts.category().name());
        if (names == null) {
            throw new IllegalStateException("counts of a category of another snapshot");
        }
        out.put('{');
        for (int rank = 0; rank < counts.size(); rank++) {
            if (rank > 0) {
                out.put(',');
            }
            out.put(names[counts.valueAt(rank)]);
            putNumber(counts.countAt(rank), out);
        }
        out.put('}');
    }

    private static void putNumber(int number, JsonBuffer out) {
        if (number >= 10) {
            putNumber(number / 10, out);
        }
        out.put('0' + number % 10);
    }

    private static byte[][] keys(Category category) {
        List<byte[]> keys = new ArrayList<>();
        for (int place = 0; place < category.size(); place++) {
            JsonBuffer key = new JsonBuffer(32);
            putName(category.value(place), key);
            keys.add(key.toByteArray());
        }
        return keys.toArray(byte[][]::new);
    }

    private static void putName(String name, JsonBuffer out) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.putString(utf8, 0, utf8.length);
        out.put(':');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
