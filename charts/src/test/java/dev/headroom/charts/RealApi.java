package dev.headroom.charts;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What the tests on a real API server need there, and a way in for Helm. */
final class RealApi {

    private RealApi() {}

    /** A namespace whose pods have to be restricted. */
    static void restrictedNamespace(KubernetesClient client, String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .createOr(existing -> existing.update());
    }

    /** Kinds of other projects that charts make objects of, as stand-ins. */
    static void foreignKinds(KubernetesClient client) {
        for (String name : List.of("servicemonitors", "prometheusrules", "certificates", "httproutes")) {
            var stream = Objects.requireNonNull(RealApi.class.getResourceAsStream("/kinds/" + name + ".yaml"));
            define(
                    client,
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .load(stream)
                            .item());
        }
    }

    static void define(KubernetesClient client, CustomResourceDefinition definition) {
        client.resource(definition).createOr(existing -> existing.update());
        client.resource(definition)
                .waitUntilCondition(
                        now -> now != null
                                && now.getStatus() != null
                                && now.getStatus().getConditions() != null
                                && now.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
    }

    static GenericKubernetesResource object(Object json) {
        return Serialization.unmarshal(json.toString(), GenericKubernetesResource.class);
    }

    /** A kubeconfig of the administrator. */
    static Path kubeconfig(KubernetesServer server, Path folder) throws IOException {
        var admin = server.admin();
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: real, cluster: {server: "%s", certificate-authority: "%s"}}]
                contexts: [{name: real, context: {cluster: real, user: admin}}]
                users: [{name: admin, user: {token: "%s"}}]
                current-context: real
                """.formatted(
                        admin.getMasterUrl(), admin.getCaCertFile(), admin.getOauthToken()));
    }
}
