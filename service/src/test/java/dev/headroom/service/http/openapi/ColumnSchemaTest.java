package dev.headroom.service.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.statement.StatementDescription.Column;
import dev.headroom.service.database.statement.StatementDescription.Form;
import dev.headroom.service.database.statement.StatementDescription.Nullable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnSchemaTest {
    @Test
    void aColumnIsWhatItsValuesAreInJson() {
        assertThat(ColumnSchema.row(List.of(
                        new Column("id", "int8", Form.PLAIN, Nullable.NO),
                        new Column("title", "text", Form.PLAIN, Nullable.YES),
                        new Column("tags", "_text", Form.ARRAY, Nullable.UNKNOWN),
                        new Column("pairs", "hstore", Form.PLAIN, Nullable.YES),
                        new Column("author", "people", Form.ROW, Nullable.NO),
                        new Column("keys", "int2vector", Form.PLAIN, Nullable.NO))))
                .isEqualTo(Map.of(
                        "type",
                        "object",
                        "required",
                        List.of("id", "title", "tags", "pairs", "author", "keys"),
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
                                                Map.of("type", List.of("string", "null"))),
                                "author", Map.of("type", "object"),
                                "keys", Map.of("type", "array", "items", Map.of()))));
    }
}
