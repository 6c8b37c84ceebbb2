package dev.headroom.service.http.openapi;

import dev.headroom.service.database.statement.StatementDescription;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a column looks like in JSON: a JSON schema from its PostgreSQL type. */
final class ColumnSchema {
    private ColumnSchema() {}

    /** A row as an object: each column is there in every row, though its value may be null. */
    static Map<String, Object> row(List<Column> columns) {
        Map<String, Object> properties = new LinkedHashMap<>();
        columns.forEach(column -> properties.put(column.name(), of(column)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!columns.isEmpty()) {
            schema.put("required", columns.stream().map(Column::name).toList());
            schema.put("properties", properties);
        }
        return schema;
    }

    private static Map<String, Object> of(Column column) {
        Map<String, Object> schema = switch (column.form()) {
            case PLAIN -> ofType(column.type());
            case ARRAY -> array();
            case ROW -> schema("object", "");
        };
        if (column.nullable() != StatementDescription.Nullable.NO && schema.get("type") instanceof String type) {
            schema.put("type", List.of(type, "null"));
        }
        return schema;
    }

    /** PostgreSQL does not say how many dimensions an array has: an element may be an array again. */
    private static Map<String, Object> array() {
        Map<String, Object> array = schema("array", "");
        array.put("items", Map.of());
        return array;
    }

    private static Map<String, Object> ofType(String type) {
        return switch (type) {
            case "int2", "int4", "smallserial", "serial" -> schema("integer", "int32");
            case "int8", "bigserial" -> schema("integer", "int64");
            case "numeric" -> schema("number", "");
            case "float4" -> schema("number", "float");
            case "float8" -> schema("number", "double");
            case "bool" -> schema("boolean", "");
            case "uuid" -> schema("string", "uuid");
            case "date" -> schema("string", "date");
            case "timestamptz" -> schema("string", "date-time");
            case "int2vector", "oidvector" -> array();
            case "json", "jsonb" -> new LinkedHashMap<>();
            case "hstore" -> {
                Map<String, Object> strings = schema("object", "");
                strings.put("additionalProperties", Map.of("type", List.of("string", "null")));
                yield strings;
            }
            case "bytea" -> {
                Map<String, Object> bytes = schema("string", "");
                bytes.put("contentEncoding", "base64");
                yield bytes;
            }
            default -> schema("string", "");
        };
    }

    static Map<String, Object> schema(String type, String format) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
        return schema;
    }
}
