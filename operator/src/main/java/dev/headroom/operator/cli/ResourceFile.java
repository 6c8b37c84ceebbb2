package dev.headroom.operator.cli;

import dev.headroom.operator.cli.YamlText.Item;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.support.VisibleText;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A YAML file with DbPerformance resources and, if wanted, the Secrets they name. */
final class ResourceFile {

    private static final String API = "headroom.dev/v1alpha1";

    private static final String NAME = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";

    private final String name;
    private final List<DbPerformance> resources = new ArrayList<>();
    private final Map<String, Map<String, String>> secrets = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ResourceFile(String name) {
        this.name = name;
    }

    static ResourceFile read(Path path) {
        try {
            boolean input = path.toString().equals("-");
            String text = input ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : text(path);
            return parse(input ? "standard input" : path.toString(), text);
        } catch (IOException e) {
            throw new Refusal("cannot read " + path + ": " + e.getMessage());
        }
    }

    static ResourceFile parse(String name, String text) {
        ResourceFile file = new ResourceFile(name);
        YamlText.documents(name, text).forEach(file::add);
        if (file.problems.isEmpty() && file.resources.isEmpty()) {
            file.problems.add(name + ": no DbPerformance in it");
        }
        if (!file.problems.isEmpty()) {
            throw new Refusal(file.problems);
        }
        return file;
    }

    /** A text that somebody named, or in a person's words why not: Java's messages are often only the name. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(file, "permission denied");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is no text in UTF-8");
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    private static Refusal unreadable(Path file, String why) {
        return new Refusal("cannot read " + file + ": " + why);
    }

    List<DbPerformance> resources() {
        return resources;
    }

    @Nullable
    String secretValue(String secret, String key) {
        return secrets.getOrDefault(secret, Map.of()).get(key);
    }

    private void add(Item document) {
        if (!(YamlText.plain(document) instanceof Map<?, ?> plain)) {
            problems.add(name + ":" + document.line() + ": no Kubernetes resource");
            return;
        }
        String kind = String.valueOf(plain.get("kind"));
        switch (kind) {
            case "Secret" -> addSecret(Serialization.unmarshal(Serialization.asJson(plain), Secret.class));
            case "DbPerformance" -> addResource(document, plain);
            default ->
                problems.add(
                        name + ":" + document.line() + ": kind " + kind + ": only DbPerformance and Secret are read");
        }
    }

    private void addSecret(Secret secret) {
        Map<String, String> values = new HashMap<>();
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .forEach((key, value) ->
                        values.put(key, new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8)));
        values.putAll(Objects.requireNonNullElse(secret.getStringData(), Map.of()));
        secrets.put(secret.getMetadata().getName(), values);
    }

    private void addResource(Item document, Map<?, ?> plain) {
        if (!API.equals(plain.get("apiVersion"))) {
            problems.add(name + ":" + document.line() + ": apiVersion must be " + API);
        }
        List<String> found = SchemaCheck.problems(name, withoutMetadata(document), Schema.ROOT);
        problems.addAll(found);
        if (!found.isEmpty()) {
            return;
        }
        DbPerformance resource = Serialization.unmarshal(Serialization.asJson(plain), DbPerformance.class);
        resource.setStatus(null);
        identify(resource);
        SpecRules.breaches(resource.getSpec())
                .forEach(breach -> problems.add(name + ":" + document.line() + ": " + breach));
        resources.add(resource);
    }

    /** Metadata is Kubernetes' own business; of it the name is used. */
    private static Item withoutMetadata(Item document) {
        Map<Object, Object> fields =
                new java.util.LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(document.value()));
        List.of("apiVersion", "kind", "metadata", "status").forEach(fields::remove);
        return new Item(fields, document.line());
    }

    /** Without a cluster nobody gives an identity; the order in the file stands for the order of creation. */
    private void identify(DbPerformance resource) {
        ObjectMeta given = Objects.requireNonNullElseGet(resource.getMetadata(), ObjectMeta::new);
        String own = Objects.requireNonNullElse(given.getName(), "unnamed");
        if (!own.matches(NAME) || own.length() > 253) {
            problems.add(VisibleText.of(
                    name + ": metadata.name \"" + own + "\" is no name in Kubernetes: lower-case letters,"
                            + " digits, - and ., and a letter or digit at both ends"));
        }
        String namespace = Objects.requireNonNullElse(given.getNamespace(), "default");
        resource.setMetadata(new ObjectMetaBuilder(given)
                .withName(own)
                .withNamespace(namespace)
                .withUid(namespace + "/" + own)
                .withCreationTimestamp(Instant.ofEpochSecond(resources.size()).toString())
                .build());
    }

    /** The schema in the committed CRD. */
    private static final class Schema {
        static final JSONSchemaProps ROOT = read();

        private static JSONSchemaProps read() {
            try (InputStream crd = ResourceFile.class.getResourceAsStream("/crds/dbperformances.headroom.dev.yaml")) {
                return Serialization.unmarshal(Objects.requireNonNull(crd), CustomResourceDefinition.class)
                        .getSpec()
                        .getVersions()
                        .getFirst()
                        .getSchema()
                        .getOpenAPIV3Schema();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
