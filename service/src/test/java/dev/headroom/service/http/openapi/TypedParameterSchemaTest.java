package dev.headroom.service.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.catalog.Place;
import dev.headroom.service.http.exchange.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedParameterSchemaTest {

    @Test
    void aDecimalIsANumberWithItsExactBounds() {
        assertThat(described(ParameterType.DECIMAL, new BigDecimal("0.10"), new BigDecimal("99.99")))
                .containsEntry(
                        "schema",
                        Map.of(
                                "type",
                                "number",
                                "minimum",
                                new BigDecimal("0.10"),
                                "maximum",
                                new BigDecimal("99.99")));
    }

    @Test
    void boundsOfWholeNumbersAreWhole() {
        assertThat(described(ParameterType.INT, BigDecimal.ONE, BigDecimal.TEN))
                .containsEntry("schema", Map.of("type", "integer", "format", "int32", "minimum", 1L, "maximum", 10L));
    }

    @Test
    void jsonIsContentOfThatType() {
        assertThat(described(ParameterType.JSON, null, null))
                .containsEntry("content", Map.of("application/json", Map.of("schema", Map.of())))
                .doesNotContainKey("schema");
    }

    @Test
    void defaultOfAJsonParameterIsDescribedAsJson() {
        var parameter = new Parameter(
                "p",
                Parameter.In.QUERY,
                ParameterType.JSON,
                false,
                false,
                "{\"a\":[1.50,null,\"x\",true]}",
                new Parameter.Bounds(null, null, 100, 1, List.of(), null, List.of()),
                null,
                new Place("catalog.yaml", 1));

        assertThat(Json.write(ParameterSchema.of(parameter)))
                .contains("\"schema\":{\"default\":{\"a\":[1.50,null,\"x\",true]}}");
    }

    private static Map<String, Object> described(ParameterType type, BigDecimal minimum, BigDecimal maximum) {
        return ParameterSchema.of(new Parameter(
                "p",
                Parameter.In.QUERY,
                type,
                false,
                false,
                null,
                new Parameter.Bounds(minimum, maximum, 100, 1, List.of(), null, List.of()),
                null,
                new Place("catalog.yaml", 1)));
    }
}
