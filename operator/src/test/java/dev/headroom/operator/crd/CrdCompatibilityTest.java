package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CrdCompatibilityTest {

    @Test
    void theSameCrdBreaksNothing() throws IOException {
        assertThat(breaksAfter(spec -> {})).isEmpty();
    }

    @Test
    void aRemovedFieldBreaks() throws IOException {
        assertThat(breaksAfter(spec -> spec.getProperties().remove("mode"))).containsExactly(".spec.mode was removed");
    }

    @Test
    void aNarrowedEnumBreaks_aWidenedOneDoesNot() throws IOException {
        assertThat(breaksAfter(spec -> mode(spec).getEnum().removeFirst())).hasSize(1);
        assertThat(breaksAfter(
                        spec -> mode(spec).getEnum().add(mode(spec).getEnum().getFirst())))
                .isEmpty();
    }

    @Test
    void aNewRequiredFieldBreaks_aNewOptionalOneDoesNot() throws IOException {
        assertThat(breaksAfter(spec -> spec.getRequired().add("indexes")))
                .containsExactly(".spec.indexes became required");
        assertThat(breaksAfter(spec -> spec.getProperties().put("later", new JSONSchemaProps())))
                .isEmpty();
    }

    @Test
    void anotherTypeBreaks() throws IOException {
        assertThat(breaksAfter(spec -> port(spec).setType("string")))
                .containsExactly(".spec.database.port: type integer became string");
    }

    @Test
    void narrowerBoundsBreak_widerOnesDoNot() throws IOException {
        assertThat(breaksAfter(spec -> port(spec).setMaximum(1024.0)))
                .containsExactly(".spec.database.port: maximum 65535.0 became 1024.0");
        assertThat(breaksAfter(spec -> port(spec).setMinimum(0.0))).isEmpty();
    }

    @Test
    void anotherDefaultBreaks() throws IOException {
        assertThat(breaksAfter(spec -> mode(spec).setDefault(port(spec).getDefault())))
                .hasSize(1);
    }

    @Test
    void aNewRuleBreaks() throws IOException {
        assertThat(breaksAfter(spec -> spec.setXKubernetesValidations(
                        List.of(new ValidationRuleBuilder().withRule("false").build()))))
                .containsExactly(".spec: new rule false");
    }

    private static List<String> breaksAfter(Consumer<JSONSchemaProps> change) throws IOException {
        CustomResourceDefinition changed = CrdFile.committed();
        change.accept(root(changed).get("spec"));
        return CrdCompatibility.breaks(CrdFile.committed(), changed);
    }

    private static Map<String, JSONSchemaProps> root(CustomResourceDefinition crd) {
        return crd.getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties();
    }

    private static JSONSchemaProps mode(JSONSchemaProps spec) {
        return spec.getProperties().get("mode");
    }

    private static JSONSchemaProps port(JSONSchemaProps spec) {
        return spec.getProperties().get("database").getProperties().get("port");
    }
}
