package dev.headroom.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The committed CRD. */
final class CrdFile {

    static final Path PATH = GeneratedFile.REPOSITORY.resolve("crds/dbperformances.headroom.dev.yaml");

    private CrdFile() {}

    static CustomResourceDefinition committed() throws IOException {
        return parse(Files.readString(PATH));
    }

    static CustomResourceDefinition parse(String yaml) {
        return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
    }
}
