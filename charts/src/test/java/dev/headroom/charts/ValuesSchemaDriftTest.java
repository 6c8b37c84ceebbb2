package dev.headroom.charts;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * values.schema.json is written by hand, but for two things that come from elsewhere: descriptions, from the comments of
 * values.yaml, and what the spec of a DbPerformance may be, from the CustomResourceDefinition.
 */
class ValuesSchemaDriftTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource
    void descriptionsAndTheSpecOfADbPerformanceAreThoseOfTheirSources(Chart chart) throws IOException {
        Path file = chart.folder.resolve("values.schema.json");
        ObjectNode schema = (ObjectNode) JSON.readTree(chart.text("values.schema.json"));
        for (ValuesFile.Value value : ValuesFile.of(chart).values()) {
            ObjectNode property =
                    (ObjectNode) schema.at("/properties/" + value.path().replace(".", "/properties/"));
            property.put("description", value.meaning());
        }
        if (chart == Chart.SERVICE) {
            ObjectNode spec = (ObjectNode) schema.at("/properties/performance/properties/spec");
            spec.remove("required");
            spec.set("properties", closed(specOfDbPerformance()).path("properties"));
            spec.put("additionalProperties", false);
            ((ObjectNode) spec.at("/properties/database")).remove("required"); // the chart knows the Secret
            ((ObjectNode) spec.at("/properties/target")).remove("required"); // and the Deployment
        }
        GeneratedFile.check(file, print(schema));
    }

    private static JsonNode specOfDbPerformance() throws IOException {
        return Rendered.parse(Files.readString(Path.of("../crds/dbperformances.headroom.dev.yaml")))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }

    /** Without what only Kubernetes knows, and without room for fields that do not exist. */
    private static JsonNode closed(JsonNode schema) {
        if (schema instanceof ArrayNode list) {
            ArrayNode closed = JSON.createArrayNode();
            list.forEach(item -> closed.add(closed(item)));
            return closed;
        }
        if (!(schema instanceof ObjectNode)) {
            return schema.isDouble() ? JSON.getNodeFactory().numberNode(schema.asLong()) : schema;
        }
        ObjectNode closed = JSON.createObjectNode();
        schema.properties().forEach(field -> {
            String name = field.getKey();
            boolean ofKubernetes = name.startsWith("x-kubernetes-");
            // A pattern of characters that the validator in Helm does not know; the API server checks it.
            boolean unknown =
                    name.equals("pattern") && field.getValue().asText().contains("\\x{");
            if (!ofKubernetes && !unknown && !name.equals("default")) {
                closed.set(name, closed(field.getValue()));
            }
        });
        if (schema.path("properties").isObject() && schema.path("type").asText().equals("object")) {
            closed.put("additionalProperties", false);
        }
        return closed;
    }

    private static String print(JsonNode schema) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultPrettyPrinter.FixedSpaceIndenter.instance);
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return JSON.writer(printer).writeValueAsString(schema) + "\n";
    }
}
