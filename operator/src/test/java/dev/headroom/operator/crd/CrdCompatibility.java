package dev.headroom.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a newer CRD would take away from resources that were valid under an older one. */
final class CrdCompatibility {

    private final List<String> breaks = new ArrayList<>();

    private CrdCompatibility() {}

    static List<String> breaks(CustomResourceDefinition older, CustomResourceDefinition newer) {
        CrdCompatibility comparison = new CrdCompatibility();
        for (CustomResourceDefinitionVersion was : older.getSpec().getVersions()) {
            newer.getSpec().getVersions().stream()
                    .filter(is -> is.getName().equals(was.getName()))
                    .findFirst()
                    .ifPresentOrElse(
                            is -> comparison.compare(
                                    "",
                                    was.getSchema().getOpenAPIV3Schema(),
                                    is.getSchema().getOpenAPIV3Schema()),
                            () -> comparison.breaks.add("version " + was.getName() + " was removed"));
        }
        return comparison.breaks;
    }

    private void compare(String path, JSONSchemaProps was, JSONSchemaProps is) {
        if (!Objects.equals(was.getType(), is.getType())) {
            breaks.add(path + ": type " + was.getType() + " became " + is.getType());
            return;
        }
        values(path, was, is);
        bounds(path, was, is);
        rules(path, was, is);
        fields(path, was, is);
        if (was.getItems() != null && is.getItems() != null) {
            compare(path + "[]", was.getItems().getSchema(), is.getItems().getSchema());
        }
    }

    private void values(String path, JSONSchemaProps was, JSONSchemaProps is) {
        if (is.getEnum() != null && !is.getEnum().isEmpty()) {
            if (was.getEnum() == null || was.getEnum().isEmpty()) {
                breaks.add(path + ": any value became one of " + is.getEnum());
            } else if (!is.getEnum().containsAll(was.getEnum())) {
                breaks.add(path + ": one of " + was.getEnum() + " became one of " + is.getEnum());
            }
        }
        if (was.getDefault() != null && !was.getDefault().equals(is.getDefault())) {
            breaks.add(path + ": default " + was.getDefault() + " became " + is.getDefault());
        }
        if (is.getPattern() != null && !is.getPattern().equals(was.getPattern())) {
            breaks.add(path + ": pattern " + was.getPattern() + " became " + is.getPattern());
        }
        if (!Objects.equals(was.getXKubernetesListType(), is.getXKubernetesListType())
                || !Objects.equals(was.getXKubernetesListMapKeys(), is.getXKubernetesListMapKeys())) {
            breaks.add(path + ": the list type changed");
        }
    }

    private void bounds(String path, JSONSchemaProps was, JSONSchemaProps is) {
        atMost(path + ": minimum", was.getMinimum(), is.getMinimum());
        atMost(path + ": minLength", was.getMinLength(), is.getMinLength());
        atMost(path + ": minItems", was.getMinItems(), is.getMinItems());
        atLeast(path + ": maximum", was.getMaximum(), is.getMaximum());
        atLeast(path + ": maxLength", was.getMaxLength(), is.getMaxLength());
        atLeast(path + ": maxItems", was.getMaxItems(), is.getMaxItems());
    }

    private void atMost(String what, @Nullable Number was, @Nullable Number is) {
        if (is != null && (was == null || is.doubleValue() > was.doubleValue())) {
            breaks.add(what + " " + was + " became " + is);
        }
    }

    private void atLeast(String what, @Nullable Number was, @Nullable Number is) {
        if (is != null && (was == null || is.doubleValue() < was.doubleValue())) {
            breaks.add(what + " " + was + " became " + is);
        }
    }

    private void rules(String path, JSONSchemaProps was, JSONSchemaProps is) {
        Set<String> known = new HashSet<>();
        orEmpty(was.getXKubernetesValidations()).forEach(rule -> known.add(rule.getRule()));
        for (ValidationRule rule : orEmpty(is.getXKubernetesValidations())) {
            if (!known.contains(rule.getRule())) {
                breaks.add(path + ": new rule " + rule.getRule());
            }
        }
    }

    private void fields(String path, JSONSchemaProps was, JSONSchemaProps is) {
        Map<String, JSONSchemaProps> now = is.getProperties() == null ? Map.of() : is.getProperties();
        if (was.getProperties() != null) {
            was.getProperties().forEach((name, field) -> {
                if (now.containsKey(name)) {
                    compare(path + "." + name, field, now.get(name));
                } else {
                    breaks.add(path + "." + name + " was removed");
                }
            });
        }
        for (String required : orEmpty(is.getRequired())) {
            if (!orEmpty(was.getRequired()).contains(required)) {
                breaks.add(path + "." + required + " became required");
            }
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
