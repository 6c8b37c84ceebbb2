package dev.headroom.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server takes every object of every chart, with no field that it does not know, into namespaces that are restricted. */
@KubernetesTest
class ApiServerTest {

    @BeforeAll
    static void prepare(KubernetesServer server, KubernetesClient client) throws Exception {
        server.requireRealApi("it is about what an API server takes");
        Stream.of(Chart.NAMESPACE, "shop", "statehub").forEach(name -> RealApi.restrictedNamespace(client, name));
        RealApi.foreignKinds(client);
        try (var definition = Files.newInputStream(Path.of("../crds/dbperformances.headroom.dev.yaml"))) {
            RealApi.define(
                    client,
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .load(definition)
                            .item());
        }
    }

    static Stream<Chart.Example> examples() {
        return Chart.examples().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyObjectIsTaken(Chart.Example example, KubernetesClient client) {
        for (JsonNode object : example.render().objects()) {
            if (Rendered.kind(object).equals("CustomResourceDefinition")) {
                continue; // there already
            }
            assertThat(create(client, object).getMetadata().getUid()).isNotBlank();
        }
    }

    /** Of a Deployment the admission only warns; it refuses pods. */
    @ParameterizedTest
    @MethodSource("examples")
    void everyPodIsAdmitted(Chart.Example example, KubernetesClient client) {
        for (JsonNode pod : example.render().pods()) {
            assertThat(create(client, pod(pod)).getMetadata().getUid()).isNotBlank();
        }
    }

    @Test
    void aPodThatIsNotRestrictedIsRefusedHere(KubernetesClient client) {
        ObjectNode pod =
                (ObjectNode) Chart.SERVICE.example("minimal").render().pods().getFirst();
        pod.remove("securityContext");

        assertThatThrownBy(() -> create(client, pod(pod))).hasMessageContaining("violates PodSecurity \"restricted");
    }

    @Test
    void aFieldThatDoesNotExistIsRefusedHere(KubernetesClient client) {
        JsonNode deployment = Chart.SERVICE.example("minimal").render().one("Deployment");
        ((ObjectNode) deployment.path("spec")).put("replica", 3);

        assertThatThrownBy(() -> create(client, deployment)).hasMessageContaining("unknown field \"spec.replica\"");
    }

    private static GenericKubernetesResource create(KubernetesClient client, JsonNode object) {
        return client.resource(RealApi.object(object))
                .dryRun()
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .create();
    }

    private static JsonNode pod(JsonNode spec) {
        ObjectNode pod = Rendered.YAML.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "one").put("namespace", Chart.NAMESPACE);
        pod.set("spec", spec);
        return pod;
    }
}
