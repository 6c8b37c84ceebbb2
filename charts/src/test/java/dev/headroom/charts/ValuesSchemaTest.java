package dev.headroom.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Helm refuses before it renders anything: names that do not exist, and values of the wrong kind. */
class ValuesSchemaTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPERATOR | replica: 3                                       | replica
            OPERATOR | replicas: two                                    | replicas
            OPERATOR | watchNamespaces: shop                            | watchNamespaces
            OPERATOR | watchNamespaces: [Shop]                          | watchNamespaces
            OPERATOR | image: {pullPolicy: Sometimes}                   | pullPolicy
            OPERATOR | image: {digest: latest}                          | digest
            OPERATOR | settings: {logLevel: DEBUG}                      | logLevel
            OPERATOR | networkPolicy: {databases: {port: 5432}}         | port
            OPERATOR | networkPolicy: {metricsFrom: [{podSelektor: {}}]} | podSelektor
            OPERATOR | resources: {limit: {cpu: 1}}                     | limit
            SERVICE  | database: {existingsecret: a}                    | existingsecret
            SERVICE  | database: {url: 'postgres://a/b'}                | url
            SERVICE  | database: {port: 70000}                          | port
            SERVICE  | database: {tls: {mode: on}}                      | mode
            SERVICE  | redis: {url: 'redis.example:6379'}               | url
            SERVICE  | scaledBy: HPA                                    | scaledBy
            SERVICE  | settings: {databas: {}}                          | databas
            SERVICE  | catalogs: {bundled: [statehubb]}                 | bundled
            SERVICE  | catalogs: {inline: {library: {books.sql: select 1}}} | catalog.yaml
            SERVICE  | catalogs: {configMaps: [{name: library}]}        | configMaps
            SERVICE  | shutdown: {delaySeconds: 5s}                     | delaySeconds
            SERVICE  | performance: {spec: {replicas: {maximum: 3}}}    | maximum
            SERVICE  | performance: {spec: {mode: On}}                  | mode
            SERVICE  | httpRoute: {parentRefs: [{gateway: a}]}          | gateway
            SERVICE  | labels: {team: 3}                                | team
            """)
    void mistakesAreRefusedByName(Chart chart, String values, String named) {
        assertThatThrownBy(() -> chart.render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @EnumSource
    void everyValueIsInTheSchemaAndDocumented(Chart chart) {
        JsonNode schema = Rendered.parse(chart.text("values.schema.json"));
        List<String> documented = ValuesFile.of(chart).values().stream()
                .map(ValuesFile.Value::path)
                .toList();
        List<String> missing = new ArrayList<>();
        collect("", chart.yaml("values.yaml"), schema, documented, missing);

        assertThat(missing).isEmpty();
        assertThat(documented).doesNotHaveDuplicates();
    }

    private static void collect(
            String path, JsonNode values, JsonNode schema, List<String> documented, List<String> missing) {
        values.properties().forEach(value -> {
            String name = path.isEmpty() ? value.getKey() : path + "." + value.getKey();
            JsonNode property = schema.path("properties").path(value.getKey());
            if (property.isMissingNode()) {
                missing.add(name + " is not in the schema");
            } else if (!documented.contains(name)) {
                if (value.getValue().isObject() && !value.getValue().isEmpty()) {
                    collect(name, value.getValue(), property, documented, missing);
                } else {
                    missing.add(name + " has no comment in values.yaml");
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void noObjectWithNamedValuesTakesOthers(Chart chart) {
        List<String> open = new ArrayList<>();
        collectOpen("", Rendered.parse(chart.text("values.schema.json")), open);

        assertThat(open).isEmpty();
    }

    private static void collectOpen(String path, JsonNode schema, List<String> open) {
        if (schema.path("properties").isObject() && !schema.has("additionalProperties")) {
            open.add(path);
        }
        schema.path("properties").properties().forEach(property -> {
            collectOpen(path + "." + property.getKey(), property.getValue(), open);
        });
        if (schema.path("items").isObject()) {
            collectOpen(path + "[]", schema.path("items"), open);
        }
    }
}
