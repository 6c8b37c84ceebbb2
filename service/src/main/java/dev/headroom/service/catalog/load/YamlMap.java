package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SourceSettings;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.settings.Durations;
import dev.headroom.support.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A mapping in catalog.yaml, read key by key; {@link #finish} tells the keys that nobody read. */
final class YamlMap implements SourceSettings {
    private record Entry(Place place, Node value) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final List<YamlMap> sections = new ArrayList<>();
    private final Place place;
    private final SqlFiles sqlFiles;
    private final Mistakes mistakes;

    YamlMap(MappingNode node, Place place, SqlFiles sqlFiles, Mistakes mistakes) {
        this.place = place;
        this.sqlFiles = sqlFiles;
        this.mistakes = mistakes;
        for (NodeTuple tuple : node.getValue()) {
            Place keyPlace = YamlDocument.place(tuple.getKeyNode(), place);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                mistakes.add(keyPlace, "a key must be a word", null);
            } else if (entries.putIfAbsent(key.getValue(), new Entry(keyPlace, tuple.getValueNode())) != null) {
                Place first = entries.get(key.getValue()).place();
                mistakes.add(
                        keyPlace, "'" + key.getValue() + "' stands here twice", "the first is in line " + first.line());
            }
        }
    }

    /** Tells every key that was never asked for, here and below. */
    void finish() {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (!asked.contains(entry.getKey())) {
                mistakes.add(
                        entry.getValue().place(),
                        "unknown key '" + entry.getKey() + "'",
                        Suggestion.hint(entry.getKey(), asked.stream().sorted().toList()));
            }
        }
        sections.forEach(YamlMap::finish);
    }

    Place place() {
        return place;
    }

    Place place(String key) {
        Entry entry = entries.get(key);
        return entry == null ? place : entry.place();
    }

    boolean has(String key) {
        asked.add(key);
        return entries.containsKey(key);
    }

    /** Where a value begins: for a block of text, the line after its key. */
    Place valuePlace(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return place;
        }
        Place value = YamlDocument.place(entry.value(), place);
        boolean block = entry.value() instanceof ScalarNode scalar
                && "|>".indexOf(scalar.getScalarStyle().toString()) >= 0;
        return block ? value.atLine(value.line() + 1) : value;
    }

    Optional<String> optionalText(String key) {
        return scalar(key, "text", Function.identity());
    }

    @Override
    public String text(String key) {
        require(key);
        return text(key, "");
    }

    @Override
    public String text(String key, String fallback) {
        return optionalText(key).orElse(fallback);
    }

    void require(String key) {
        if (!has(key)) {
            mistakes.add(place, "'" + key + "' is missing", null);
        }
    }

    @Override
    public List<String> texts(String key, List<String> fallback) {
        Node value = value(key);
        if (!(value instanceof SequenceNode sequence)) {
            return scalar(key, "a text or a list of texts", Function.identity())
                    .map(List::of)
                    .orElse(fallback);
        }
        List<String> texts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                texts.add(scalar.getValue());
            } else {
                mistakes.add(YamlDocument.place(item, place), "'" + key + "' takes a list of texts", null);
            }
        }
        return texts;
    }

    Optional<Long> number(String key) {
        return scalar(key, "a whole number", Long::valueOf);
    }

    @Override
    public long number(String key, long fallback, long minimum, long maximum) {
        String range = "a whole number from " + minimum + " to " + maximum;
        return scalar(key, range, text -> {
                    long value = Long.parseLong(text);
                    return value < minimum || value > maximum ? null : value;
                })
                .orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return scalar(key, "true or false", text -> switch (text) {
                    case "true" -> Boolean.TRUE;
                    case "false" -> Boolean.FALSE;
                    default -> null;
                })
                .orElse(fallback);
    }

    @Override
    public Duration duration(String key, Duration fallback) {
        return scalar(key, "a duration, as in 250ms, 30s, 10m, 24h", Durations::parse)
                .orElse(fallback);
    }

    /** A value in the words of the caller; what {@code parse} answers null to or cannot read is a mistake. */
    <T> Optional<T> scalar(String key, String takes, Function<String, @Nullable T> parse) {
        Node value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            Optional<T> parsed = parsed(scalar.getValue(), parse);
            if (parsed.isPresent()) {
                return parsed;
            }
        }
        mistakes.add(place(key), "'" + key + "' must be " + takes, null);
        return Optional.empty();
    }

    /** One of some words; of others the nearest is offered. */
    <T> Optional<T> oneOf(String key, Map<String, T> values) {
        Node node = value(key);
        if (node == null) {
            return Optional.empty();
        }
        String word = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        T found = values.get(word);
        if (found == null) {
            String hint = Suggestion.closest(word, values.keySet())
                    .map(near -> "did you mean " + near + "?")
                    .orElse(null);
            mistake(key, "'" + key + "' must be one of " + String.join(", ", values.keySet()), hint);
        }
        return Optional.ofNullable(found);
    }

    private static <T> Optional<T> parsed(String text, Function<String, @Nullable T> parse) {
        try {
            return Optional.ofNullable(parse.apply(text));
        } catch (IllegalArgumentException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<SourceSettings> section(String key) {
        return map(key).map(Function.identity());
    }

    Optional<YamlMap> map(String key) {
        Node value = value(key);
        if (value instanceof MappingNode mapping) {
            YamlMap section = new YamlMap(mapping, place(key), sqlFiles, mistakes);
            sections.add(section);
            return Optional.of(section);
        }
        boolean empty = value == null
                || (value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL));
        if (!empty) {
            mistakes.add(place(key), "'" + key + "' must be a mapping of keys to values", null);
        }
        return Optional.empty();
    }

    boolean isMap(String key) {
        return value(key) instanceof MappingNode;
    }

    /** All sections below a key, by name. */
    Map<String, YamlMap> maps(String key) {
        Map<String, YamlMap> maps = new LinkedHashMap<>();
        map(key).ifPresent(parent -> {
            for (String name : parent.keys()) {
                parent.map(name).ifPresent(section -> maps.put(name, section));
            }
        });
        return maps;
    }

    @Override
    public List<String> keys() {
        asked.addAll(entries.keySet());
        return List.copyOf(entries.keySet());
    }

    @Override
    public SqlTemplate statement(String key) {
        String file = text(key);
        return sqlFiles.statement(file, place(key));
    }

    @Override
    public void mistake(String key, String message, @Nullable String hint) {
        mistakes.add(place(key), message, hint);
    }

    private @Nullable Node value(String key) {
        asked.add(key);
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }
}
