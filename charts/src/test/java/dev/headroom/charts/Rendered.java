package dev.headroom.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The objects that a chart was rendered to.
 *
 * @param text as Helm printed them
 */
record Rendered(String text, List<JsonNode> objects) {

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static Rendered of(String text) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return new Rendered(
                    text,
                    documents.readAll().stream().filter(JsonNode::isObject).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> all(String kind) {
        return objects.stream().filter(object -> kind(object).equals(kind)).toList();
    }

    Optional<JsonNode> find(String kind, String name) {
        return all(kind).stream().filter(object -> name(object).equals(name)).findFirst();
    }

    /** The only object of its kind. */
    JsonNode one(String kind) {
        List<JsonNode> all = all(kind);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " objects are a " + kind + " in " + names());
        }
        return all.getFirst();
    }

    JsonNode one(String kind, String name) {
        return find(kind, name).orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + names()));
    }

    List<String> names() {
        return objects.stream()
                .map(object ->
                        kind(object) + " " + object.at("/metadata/namespace").asText("-") + "/" + name(object))
                .toList();
    }

    /** Templates of pods, those of the program and those of dev. */
    List<JsonNode> pods() {
        return objects.stream()
                .map(object -> object.at("/spec/template/spec"))
                .filter(JsonNode::isObject)
                .toList();
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(list.elements(), 0), false);
    }

    static List<String> texts(JsonNode list) {
        return items(list).map(JsonNode::asText).toList();
    }
}
