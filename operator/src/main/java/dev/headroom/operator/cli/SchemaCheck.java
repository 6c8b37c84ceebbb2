package dev.headroom.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.headroom.operator.cli.YamlText.Item;
import dev.headroom.operator.crd.Rules;
import dev.headroom.support.Suggestion;
import dev.headroom.support.VisibleText;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks YAML against the schema of the CRD as the API server would, and stricter: an unknown field is a mistake. */
final class SchemaCheck {

    private final String file;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(String file) {
        this.file = file;
    }

    static List<String> problems(String file, Item item, JSONSchemaProps schema) {
        SchemaCheck check = new SchemaCheck(file);
        check.check("", item, schema);
        return check.problems;
    }

    private void check(String path, Item item, JSONSchemaProps schema) {
        switch (item.value()) {
            case null -> problem(path, item, "has no value");
            case Map<?, ?> map when "object".equals(schema.getType()) -> object(path, item, fields(map), schema);
            case List<?> list when "array".equals(schema.getType()) -> array(path, item, list, schema);
            case String text when "string".equals(schema.getType()) -> text(path, item, text, schema);
            case Number number when "integer".equals(schema.getType()) -> number(path, item, number, schema);
            case Boolean flag when "boolean".equals(schema.getType()) -> {}
            default -> problem(path, item, "must be " + named(schema.getType()) + hint(item, schema));
        }
    }

    private void object(String path, Item item, Map<String, Item> fields, JSONSchemaProps schema) {
        if (schema.getProperties() == null || schema.getProperties().isEmpty()) {
            if (schema.getAdditionalProperties() != null) {
                fields.forEach((name, value) -> check(
                        path + "." + name,
                        value,
                        schema.getAdditionalProperties().getSchema()));
            }
            return;
        }
        fields.forEach((name, value) -> {
            JSONSchemaProps field = schema.getProperties().get(name);
            if (field != null) {
                check(path + "." + name, value, field);
            } else {
                problem(path + "." + name, value, "is no field" + meant(name, schema));
            }
        });
        for (String required : schema.getRequired() == null ? List.<String>of() : schema.getRequired()) {
            if (!fields.containsKey(required)) {
                problem(path + "." + required, item, "is required");
            }
        }
    }

    private void array(String path, Item item, List<?> list, JSONSchemaProps schema) {
        if (schema.getMinItems() != null && list.size() < schema.getMinItems()) {
            problem(path, item, "needs at least " + schema.getMinItems());
        }
        if (schema.getMaxItems() != null && list.size() > schema.getMaxItems()) {
            problem(path, item, "may have at most " + schema.getMaxItems());
        }
        for (int i = 0; i < list.size(); i++) {
            check(path + "[" + i + "]", (Item) list.get(i), schema.getItems().getSchema());
        }
        if ("set".equals(schema.getXKubernetesListType())) {
            long different =
                    list.stream().map(one -> ((Item) one).value()).distinct().count();
            if (different < list.size()) {
                problem(path, item, "has something twice");
            }
        }
    }

    private void text(String path, Item item, String text, JSONSchemaProps schema) {
        List<String> allowed = schema.getEnum() == null
                ? List.of()
                : schema.getEnum().stream().map(JsonNode::asText).toList();
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            problem(path, item, "\"" + text + "\" is none of " + String.join(", ", allowed) + meant(text, allowed));
        }
        if (schema.getMinLength() != null && text.length() < schema.getMinLength()) {
            problem(path, item, "must not be empty");
        }
        if (schema.getMaxLength() != null && text.length() > schema.getMaxLength()) {
            problem(path, item, "may have at most " + schema.getMaxLength() + " characters");
        }
        if (schema.getPattern() != null && !text.matches(schema.getPattern())) {
            problem(path, item, "\"" + text + "\" " + mismatch(text, schema.getPattern()));
        }
    }

    private static String mismatch(String text, String pattern) {
        OptionalInt hidden = VisibleText.firstHidden(text);
        if (hidden.isPresent()) {
            return Rules.ONE_LINE_MESSAGE.formatted(hidden.getAsInt());
        }
        return switch (pattern) {
            case Rules.SECRET_NAME ->
                "is no name of a Secret: lower-case letters, digits, - and ., a letter or digit at both ends";
            case Rules.SECRET_KEY -> "is no key of a Secret: letters, digits, -, _ and .";
            default -> "is not of the form " + pattern;
        };
    }

    private void number(String path, Item item, Number number, JSONSchemaProps schema) {
        double value = number.doubleValue();
        if ((schema.getMinimum() != null && value < schema.getMinimum())
                || (schema.getMaximum() != null && value > schema.getMaximum())) {
            problem(
                    path,
                    item,
                    number + " is not from " + schema.getMinimum().longValue() + " to "
                            + schema.getMaximum().longValue());
        }
    }

    private static String hint(Item item, JSONSchemaProps schema) {
        boolean unquoted = "string".equals(schema.getType())
                && (item.value() instanceof Number || item.value() instanceof Boolean);
        return unquoted ? ": write \"" + item.value() + "\"" : "";
    }

    private static String named(@Nullable String type) {
        return switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case null, default -> "a text";
        };
    }

    private static String meant(String name, JSONSchemaProps schema) {
        TreeSet<String> fields = new TreeSet<>(schema.getProperties().keySet());
        String guess = meant(name, List.copyOf(fields));
        return guess.isEmpty() ? "; there are " + String.join(", ", fields) : guess;
    }

    private static String meant(String name, List<String> names) {
        return Suggestion.closest(name, names)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    private void problem(String path, Item item, String what) {
        problems.add(VisibleText.of(file + ":" + item.line() + ": " + path.replaceFirst("^\\.", "") + " " + what));
    }

    private static Map<String, Item> fields(Map<?, ?> map) {
        Map<String, Item> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put((String) key, (Item) value));
        return fields;
    }
}
