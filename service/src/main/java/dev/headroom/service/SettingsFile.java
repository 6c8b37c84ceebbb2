package dev.headroom.service;

import io.helidon.config.ConfigException;
import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import io.helidon.config.spi.ConfigNode.ValueNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the settings' YAML file. Values are taken as they are written, so a password of digits keeps its zeros. Helidon's own
 * parser needs java.beans, and with it the whole desktop module of the JDK, which no image should carry.
 */
final class SettingsFile {

    private SettingsFile() {}

    /** The settings of a file; none when it is empty. */
    static ObjectNode read(Path file) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(file.getFileName().toString()).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(Files.readString(file));
            if (root.isEmpty() || isNull(root.get())) {
                return ObjectNode.empty();
            }
            if (root.get() instanceof MappingNode mapping) {
                return object(mapping);
            }
            throw new ConfigException("this is not a mapping of keys to values");
        } catch (YamlEngineException broken) {
            throw new ConfigException(broken.getMessage(), broken);
        } catch (IOException unreadable) {
            throw new ConfigException("it cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static ObjectNode object(MappingNode mapping) {
        ObjectNode.Builder object = ObjectNode.builder();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException("a key is a list or a mapping" + place(entry.getKeyNode()));
            }
            object.addNode(key.getValue(), node(entry.getValueNode()));
        }
        return object.build();
    }

    private static ConfigNode node(Node node) {
        if (node.isRecursive()) {
            throw new ConfigException("a value contains itself" + place(node));
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping);
            case SequenceNode sequence -> {
                ListNode.Builder list = ListNode.builder();
                for (Node item : sequence.getValue()) {
                    switch (node(item)) {
                        case ObjectNode object -> list.addObject(object);
                        case ListNode inner -> list.addList(inner);
                        case ConfigNode value -> list.addValue((ValueNode) value);
                    }
                }
                yield list.build();
            }
            default -> ValueNode.create(isNull(node) ? "" : ((ScalarNode) node).getValue());
        };
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String place(Node node) {
        return node.getStartMark()
                .map(mark -> " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1))
                .orElse("");
    }
}
