package dev.headroom.service.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.statement.StatementDescription.Column;
import dev.headroom.service.database.statement.StatementDescription.Nullable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnSchemaTest {
    @Test
    void aColumnIsWhatItsValuesAreInJson() {
        assertThat(ColumnSchema.row(List.of(
                        new Column("id", "int8", Nullable.NO),
                        new Column("title", "text", Nullable.YES),
                        new Column("tags", "_text", Nullable.UNKNOWN),
                        new Column("pairs", "hstore", Nullable.YES))))
                .isEqualTo(Map.of(
                        "type",
                        "object",
                        "required",
                        List.of("id", "title", "tags", "pairs"),
                        "properties",
                        Map.of(
                                "id", Map.of("type", "integer", "format", "int64"),
                                "title", Map.of("type", List.of("string", "null")),
                                "tags", Map.of("type", List.of("array", "null"), "items", Map.of()),
                                "pairs",
                                        Map.of(
                                                "type",
                                                List.of("object", "null"),
                                                "additionalProperties",
                                                Map.of("type", List.of("string", "null"))))));
    }
}
