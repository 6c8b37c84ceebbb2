package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import dev.headroom.operator.crd.ListType.MapList;
import dev.headroom.operator.crd.ListType.SetList;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CRD as the records say it now: what the generator makes of them, and what it has no annotation for (list types,
 * descriptions of records, the order of printer columns).
 */
final class GeneratedCrd implements CRDPostProcessor {

    static String yaml() throws IOException {
        Path folder = Files.createTempDirectory("crd");
        Path file = folder.resolve("dbperformances.headroom.dev-v1.yml");
        try {
            // Without withMinQuotes: it writes the enum value "True" so that YAML 1.1 reads a boolean.
            new CRDGenerator()
                    .customResourceClasses(DbPerformance.class)
                    .forCRDVersions("v1")
                    .withPostProcessor(new GeneratedCrd())
                    .inOutputDir(folder.toFile())
                    .generate();
            return Files.readString(file)
                    .replaceFirst(
                            "# .*\n", "# Generated from dev.headroom.operator.crd by `make crds`: do not edit.\n");
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    @Override
    public HasMetadata process(HasMetadata crd, String version) {
        CustomResourceDefinitionVersion v1alpha1 =
                ((CustomResourceDefinition) crd).getSpec().getVersions().getFirst();
        List<String> order = Arrays.stream(DbPerformance.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        v1alpha1.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt((CustomResourceColumnDefinition c) -> order.indexOf(c.getName())));
        JSONSchemaProps root = v1alpha1.getSchema().getOpenAPIV3Schema();
        root.setRequired(List.of("spec"));
        describe(root, DbPerformance.class);
        complete(root.getProperties().get("spec"), DbPerformanceSpec.class);
        complete(root.getProperties().get("status"), DbPerformanceStatus.class);
        return crd;
    }

    private static void complete(JSONSchemaProps schema, Class<?> record) {
        describe(schema, record);
        for (RecordComponent component : record.getRecordComponents()) {
            JSONSchemaProps field = schema.getProperties().get(component.getName());
            // The generator sees an annotation on a component twice: on the field and on the accessor.
            field.setXKubernetesValidations(distinct(field.getXKubernetesValidations()));
            if (component.getName().endsWith("Time")) {
                field.setFormat("date-time");
            }
            Class<?> inner = component.getType();
            if (List.class.isAssignableFrom(inner)) {
                typeList(field, component);
                field = field.getItems().getSchema();
                inner = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            }
            if (inner.isRecord()) {
                complete(field, inner);
            }
        }
    }

    private static void describe(JSONSchemaProps schema, Class<?> type) {
        JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
        if (description != null && schema.getDescription() == null) {
            schema.setDescription(description.value());
        }
    }

    private static void typeList(JSONSchemaProps list, RecordComponent component) {
        MapList map = component.getAnnotation(MapList.class);
        if (map != null) {
            list.setXKubernetesListType("map");
            list.setXKubernetesListMapKeys(List.of(map.value()));
        } else {
            list.setXKubernetesListType(component.isAnnotationPresent(SetList.class) ? "set" : "atomic");
        }
    }

    private static <T> @Nullable List<T> distinct(@Nullable List<T> rules) {
        return rules == null ? null : rules.stream().distinct().toList();
    }
}
