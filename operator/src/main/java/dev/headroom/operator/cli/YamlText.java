package dev.headroom.operator.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML with the line of everything, so that a problem can be pointed at. */
final class YamlText {

    private static final LoadSettings PLAIN = LoadSettings.builder().build();

    private YamlText() {}

    /** One value and where it stands. */
    record Item(@Nullable Object value, int line) {}

    static List<Item> documents(String name, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowDuplicateKeys(false)
                .build();
        try {
            List<Item> documents = new ArrayList<>();
            for (Node node : new Compose(settings).composeAllFromString(text)) {
                Item item = item(node);
                if (item.value() != null) {
                    documents.add(item);
                }
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new Refusal(name + ":" + line + ": no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new Refusal(name + ": no YAML: " + e.getMessage());
        }
    }

    private static Item item(Node node) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        return new Item(
                switch (node) {
                    case MappingNode mapping -> fields(mapping);
                    case SequenceNode sequence ->
                        sequence.getValue().stream().map(YamlText::item).toList();
                    case ScalarNode scalar ->
                        new StandardConstructor(PLAIN).constructSingleDocument(Optional.of(scalar));
                    default -> throw new Refusal("line " + line + ": neither a map, a list nor a value");
                },
                line);
    }

    private static Map<String, Item> fields(MappingNode mapping) {
        Map<String, Item> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Item item = item(tuple.getValueNode());
            int line = tuple.getKeyNode()
                    .getStartMark()
                    .map(mark -> mark.getLine() + 1)
                    .orElse(item.line());
            fields.put(
                    ((ScalarNode) tuple.getKeyNode()).getValue(),
                    item.value() instanceof Map || item.value() instanceof List ? item : new Item(item.value(), line));
        }
        return fields;
    }

    /** The values alone. */
    static @Nullable Object plain(Item item) {
        return switch (item.value()) {
            case Map<?, ?> map -> {
                Map<String, Object> plain = new LinkedHashMap<>();
                map.forEach((key, value) -> plain.put((String) key, plain((Item) value)));
                yield plain;
            }
            case List<?> list ->
                list.stream().map(element -> plain((Item) element)).toList();
            case null -> null;
            default -> item.value();
        };
    }
}
