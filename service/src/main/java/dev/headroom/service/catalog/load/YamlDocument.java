package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** A YAML file as nodes that know their lines; nothing is ever constructed from it. */
final class YamlDocument {
    private YamlDocument() {}

    static Optional<MappingNode> parse(String text, Place start, Mistakes mistakes) {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(start.file()).build();
            Optional<YamlLimits.Excess> excess = YamlLimits.exceeded(text, start, settings);
            if (excess.isPresent()) {
                mistakes.add(
                        excess.get().place(),
                        excess.get().message(),
                        excess.get().hint());
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            mistakes.add(start, "this is not a mapping of keys to values", "begin with 'name:' and 'endpoints:'");
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(start.line());
            mistakes.add(
                    start.atLine(line),
                    "this is not YAML: " + broken.getProblem(),
                    "look at this line and the one above");
        } catch (YamlEngineException broken) {
            mistakes.add(start, "this is not YAML: " + broken.getMessage(), null);
        }
        return Optional.empty();
    }

    static Place place(Node node, Place start) {
        return node.getStartMark().map(mark -> start.atLine(mark.getLine() + 1)).orElse(start);
    }
}
