package dev.headroom.service.http.openapi;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.http.exchange.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One input of an endpoint, as OpenAPI describes parameters. */
final class ParameterSchema {
    private ParameterSchema() {}

    static Map<String, Object> of(Parameter parameter) {
        Map<String, Object> described = new LinkedHashMap<>();
        boolean path = parameter.in() == Parameter.In.PATH;
        described.put("name", parameter.name());
        described.put("in", path ? "path" : "query");
        described.put("required", path || parameter.required());
        String description = description(parameter);
        if (!description.isEmpty()) {
            described.put("description", description);
        }
        if (parameter.list()) {
            described.put("explode", false);
            Map<String, Object> schema = ColumnSchema.schema("array", "");
            schema.put("items", value(parameter));
            schema.put("maxItems", parameter.bounds().maxItems());
            fallback(parameter, schema);
            described.put("schema", schema);
        } else if (parameter.type() == ParameterType.JSON) {
            Map<String, Object> schema = value(parameter);
            if (parameter.fallback() != null) {
                schema.put("default", Json.raw(parameter.fallback().toString()));
            }
            described.put("content", Map.of("application/json", Map.of("schema", schema)));
        } else {
            Map<String, Object> schema = value(parameter);
            fallback(parameter, schema);
            described.put("schema", schema);
        }
        return described;
    }

    private static String description(Parameter parameter) {
        String said = parameter.description() == null ? "" : parameter.description();
        List<String> known = parameter.bounds().known();
        return known.isEmpty()
                ? said
                : (said + " Usually one of " + String.join(", ", known) + "; any other value is taken as well.")
                        .strip();
    }

    private static Map<String, Object> value(Parameter parameter) {
        Map<String, Object> schema = switch (parameter.type()) {
            case TEXT, ENUM -> ColumnSchema.schema("string", "");
            case INT -> ColumnSchema.schema("integer", "int32");
            case BIGINT -> ColumnSchema.schema("integer", "int64");
            case DECIMAL -> ColumnSchema.schema("number", "");
            case JSON -> new LinkedHashMap<>();
            case BOOLEAN -> ColumnSchema.schema("boolean", "");
            case UUID -> ColumnSchema.schema("string", "uuid");
            case DATE -> ColumnSchema.schema("string", "date");
            case TIMESTAMP -> ColumnSchema.schema("string", "");
            case TIMESTAMPTZ -> ColumnSchema.schema("string", "date-time");
        };
        Parameter.Bounds bounds = parameter.bounds();
        if (bounds.minimum() != null) {
            schema.put("minimum", number(parameter, bounds.minimum()));
        }
        if (bounds.maximum() != null) {
            schema.put("maximum", number(parameter, bounds.maximum()));
        }
        if (parameter.type() == ParameterType.TEXT) {
            schema.put("maxLength", bounds.maxLength());
        }
        if (bounds.form() != null) {
            schema.put("pattern", "^(?:" + bounds.form().pattern() + ")$");
        }
        if (!bounds.known().isEmpty()) {
            // An open list: a client may offer these and must take any other.
            schema.put("anyOf", List.of(Map.of("enum", bounds.known()), ColumnSchema.schema("string", "")));
        }
        if (!bounds.values().isEmpty()) {
            schema.put("enum", List.copyOf(bounds.values()));
        }
        return schema;
    }

    private static Number number(Parameter parameter, BigDecimal bound) {
        return parameter.type() == ParameterType.DECIMAL ? bound : bound.longValueExact();
    }

    private static void fallback(Parameter parameter, Map<String, Object> schema) {
        Object fallback = parameter.fallback();
        switch (fallback) {
            case null -> {}
            case Number number -> schema.put("default", number);
            case Boolean flag -> schema.put("default", flag);
            case List<?> list ->
                schema.put("default", list.stream().map(ParameterSchema::plain).toList());
            default -> schema.put("default", fallback.toString());
        }
    }

    private static Object plain(Object value) {
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
