package dev.headroom.service.facets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The definition of the contract, written down as slowly and plainly as it reads: every item is looked at for every group
 * and every count. What the engine answers is held against it, byte by byte.
 */
record ReferenceFacets(String itemsName, List<String> categories, List<Item> items, Map<String, String> constants) {

    /** An item: its JSON, and its values by category. */
    record Item(String json, Map<String, List<String>> values) {
        Collection<String> of(String category) {
            return new TreeSet<>(values.getOrDefault(category, List.of()));
        }
    }

    String answer(List<Group> groups, Optional<Long> limit, long offset) {
        List<Item> matching = matching(groups);
        List<String> orCounts = new ArrayList<>();
        for (Group group : groups) {
            List<Group> others = new ArrayList<>(groups);
            others.remove(group);
            orCounts.add(json(counts(group.category(), matching(others))));
        }
        StringBuilder answer = new StringBuilder();
        answer.append("{\"total\":").append(matching.size());
        answer.append(",\"").append(itemsName).append("\":");
        answer.append(matching.stream()
                .skip(offset)
                .limit(limit.orElse(Long.MAX_VALUE))
                .map(Item::json)
                .toList());
        answer.append(",\"counts\":").append(allCounts(matching));
        answer.append(",\"globalCounts\":").append(allCounts(items));
        answer.append(",\"orCounts\":").append(orCounts);
        constants.forEach(
                (name, json) -> answer.append(",\"").append(name).append("\":").append(json));
        answer.append(",\"offset\":").append(offset);
        answer.append(",\"limit\":").append(limit.map(Object::toString).orElse("null"));
        return answer.append("}").toString().replace(", ", ",");
    }

    List<Item> matching(List<Group> groups) {
        return items.stream()
                .filter(item -> groups.stream().allMatch(group -> matches(item, group)))
                .toList();
    }

    private static boolean matches(Item item, Group group) {
        Set<String> values = new TreeSet<>(item.of(group.category()));
        return group.values().stream().anyMatch(values::contains);
    }

    static Map<String, Integer> counts(String category, List<Item> items) {
        Map<String, Integer> counts = new HashMap<>();
        for (Item item : items) {
            item.of(category).forEach(value -> counts.merge(value, 1, Integer::sum));
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, Integer> each) -> -each.getValue())
                        .thenComparing(each -> codePoints(each.getKey())))
                .forEach(each -> ordered.put(each.getKey(), each.getValue()));
        return ordered;
    }

    private String allCounts(List<Item> some) {
        List<String> parts = new ArrayList<>();
        for (String category : categories) {
            parts.add('"' + category + "\":" + json(counts(category, some)));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static String json(Map<String, Integer> counts) {
        List<String> parts = new ArrayList<>();
        counts.forEach((value, count) -> parts.add(quoted(value) + ":" + count));
        return "{" + String.join(",", parts) + "}";
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** UTF-32 in big endian sorts as its code points do. */
    private static String codePoints(String text) {
        StringBuilder hex = new StringBuilder();
        text.codePoints().forEach(point -> hex.append("%06x".formatted(point)));
        return hex.toString();
    }

    /** The same set as the engine holds it. */
    Snapshot snapshot() {
        ItemStore.Builder store = new ItemStore.Builder();
        Map<String, Category.Builder> builders = new LinkedHashMap<>();
        categories.forEach(name -> builders.put(name, new Category.Builder(name)));
        for (Item item : items) {
            int position = store.size();
            builders.forEach(
                    (name, builder) -> builder.add(position, item.values().getOrDefault(name, List.of())));
            store.add(item.json().getBytes(StandardCharsets.UTF_8));
        }
        Map<String, byte[]> rendered = new LinkedHashMap<>();
        constants.forEach((name, json) -> rendered.put(name, json.getBytes(StandardCharsets.UTF_8)));
        List<Category> built =
                builders.values().stream().map(Category.Builder::build).toList();
        return new Snapshot(built, store.build(), new AnswerShape(itemsName, categories), rendered);
    }
}
