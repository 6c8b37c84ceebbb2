package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrdDriftTest {

    /** First: a breaking change fails also `make crds`, before the committed file is overwritten. */
    @Test
    void theRecordsBreakNothingThatTheCommittedCrdPromised_andTheFileIsWhatTheySay() throws IOException {
        String generated = GeneratedCrd.yaml();
        if (Files.exists(CrdFile.PATH) && !Boolean.getBoolean("headroom.accept-breaking-crd")) {
            assertThat(CrdCompatibility.breaks(CrdFile.committed(), CrdFile.parse(generated)))
                    .as("users' resources would be refused or lose fields; if that is meant, "
                            + "`make crds ARGS=-Dheadroom.accept-breaking-crd=true` and say so in CHANGELOG.md")
                    .isEmpty();
        }
        GeneratedFile.check(CrdFile.PATH, generated);
    }

    @Test
    void everyFieldIsDescribed() throws IOException {
        JSONSchemaProps root = CrdFile.parse(GeneratedCrd.yaml())
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema();
        List<String> undescribed = new ArrayList<>();
        collectUndescribed("", root, undescribed);
        assertThat(undescribed).isEmpty();
    }

    private static void collectUndescribed(String path, JSONSchemaProps schema, List<String> found) {
        if (schema.getDescription() == null) {
            found.add(path);
        }
        if (schema.getProperties() != null) {
            for (Map.Entry<String, JSONSchemaProps> field :
                    schema.getProperties().entrySet()) {
                collectUndescribed(path + "." + field.getKey(), field.getValue(), found);
            }
        }
        if (schema.getItems() != null
                && "object".equals(schema.getItems().getSchema().getType())) {
            collectUndescribed(path + "[]", schema.getItems().getSchema(), found);
        }
    }
}
