package dev.headroom.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Completes the CycloneDX document of a module, which lists its jars, by what else is in its image. */
final class Bom {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Bom() {}

    static void write(Path ofModule, Path runtime, NativeLibraries libraries, Path into) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(ofModule.toFile());
        ArrayNode components = document.withArray("/components");
        String java = JavaRuntime.property(runtime, "JAVA_VERSION");
        components
                .addObject()
                .put("type", "platform")
                .put("bom-ref", "openjdk-" + java)
                .put("name", "OpenJDK")
                .put("version", java)
                .put("description", "linked by jlink: " + JavaRuntime.property(runtime, "MODULES"))
                .put("purl", "pkg:generic/openjdk@" + java);
        String glibc = libraries.glibcVersion().orElse("unknown");
        for (Map.Entry<String, Path> library : libraries.files().entrySet()) {
            ObjectNode component = components
                    .addObject()
                    .put("type", "file")
                    .put("bom-ref", "file:" + library.getKey())
                    .put("name", library.getKey())
                    .put("version", glibc);
            component.withArray("/hashes").addObject().put("alg", "SHA-256").put("content", sha256(library.getValue()));
        }
        Files.writeString(into, JSON.writeValueAsString(document) + "\n");
    }

    static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
