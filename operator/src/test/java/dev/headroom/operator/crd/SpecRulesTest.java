package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same broken specs before our rules in Java and before those in the CRD, where an API server evaluates them. */
@KubernetesTest
class SpecRulesTest {

    private static final String TWO =
            "declared: [{name: a, table: t, columns: [x]}, {name: a, table: t, columns: [y]}]";

    @BeforeAll
    static void theCrd(KubernetesClient client) throws IOException {
        client.resource(CrdFile.committed()).createOr(existing -> existing.update());
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> client.resources(DbPerformance.class).list().getItems() != null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "indexes | " + TWO + " | index names must be unique",
                "indexes | declared: [{name: a, table: t}] | an index needs columns",
                "indexes | declared: [{name: a, table: t, columns: [x], keys: [{column: x}]}] | an index needs columns",
                "indexes | declared: [{name: a, table: t, columns: [x desc]}] | columns are plain names",
                "indexes | declared: [{name: a, table: t, columns: [x], nullsNotDistinct: true}] | only with unique",
                "indexes | declared: [{name: a, table: t, keys: [{order: Desc}]}] | a key is a column or an expression",
                "indexes | build: {lockTimeout: 1h} | lockTimeout must be from 10ms to 10m",
                "indexes | build: {statementTimeout: 500ms} | statementTimeout must be from 1s to 168h",
                "indexes | declared: [{name: \"a\\nb\", table: t, columns: [x]}] | name:? [hi]",
                "indexes | declared: [{name: a, table: \"t\\u2028\", columns: [x]}] | table:? [hi]",
                "indexes | declared: [{name: a, table: t, columns: [\"x\\r\"]}] | columns\\[0\\]:? [hi]",
                "indexes | declared: [{name: a, table: t, include: [\"\\u202e\"]}] | include\\[0\\]:? [hi]",
                "indexes | declared: [{name: a, table: t, columns: [x], where: \"x\\0\"}] | where:? [hi]",
                "indexes | declared: [{name: a, table: t, keys: [{expression: \"x\\n\"}]}] | expression:? [hi]",
                "indexes | declared: [{name: a, table: t, columns: [x], storageParameters: {fillfactor: \"9\\n\"}}] | fillfactor:? [hi]",
                "tls | caSecretRef: {name: ca} | caSecretRef has an effect only with",
            })
    void aBrokenRuleIsRefusedWithTheSameSentence(
            String part, String yaml, String message, KubernetesClient client, KubernetesServer server) {
        DbPerformance broken = spec(part, yaml, client.getNamespace());
        assertThat(SpecRules.breaches(broken.getSpec()))
                .anySatisfy(breach -> assertThat(breach.toString()).containsPattern(message));
        if (server.kind() != KubernetesServer.Kind.IN_PROCESS) {
            assertThatThrownBy(() -> client.resource(raw(part, yaml, client.getNamespace()))
                            .create())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageMatching("(?s).*(" + message + "|Duplicate value).*");
        }
    }

    @Test
    void theDatabaseOfAnActingResourceCannotBeExchanged(KubernetesClient client, KubernetesServer server) {
        server.requireRealApi("it is a rule of the CRD about a change");
        DbPerformance resource = spec("mode", "Apply", client.getNamespace());
        resource.getMetadata().setName("fixed");
        client.resource(resource).create();
        assertThatThrownBy(() ->
                        client.resources(DbPerformance.class).withName("fixed").edit(r -> elsewhere(r, "Apply")))
                .hasMessageContaining("set the mode to Observe, change the database");
        client.resources(DbPerformance.class).withName("fixed").edit(r -> {
            r.setSpec(DbPerformanceSpec.of(
                    Mode.OBSERVE, r.getSpec().database(), r.getSpec().indexes()));
            return r;
        });
        client.resources(DbPerformance.class).withName("fixed").edit(r -> elsewhere(r, "Observe"));
        assertThat(client.resources(DbPerformance.class)
                        .withName("fixed")
                        .get()
                        .getSpec()
                        .database()
                        .host())
                .isEqualTo("elsewhere");
    }

    private static DbPerformance elsewhere(DbPerformance resource, String mode) {
        DbPerformance changed = spec("mode", mode, resource.getMetadata().getNamespace());
        DatabaseSpec was = changed.getSpec().database();
        resource.setSpec(DbPerformanceSpec.of(
                changed.getSpec().mode(),
                new DatabaseSpec(
                        "elsewhere", was.port(), was.name(), was.schemas(), was.credentialsSecretRef(), was.tls()),
                changed.getSpec().indexes()));
        return resource;
    }

    private static DbPerformance spec(String part, String yaml, String namespace) {
        return Serialization.unmarshal(text(part, yaml, namespace), DbPerformance.class);
    }

    /** As a user writes it, without the defaults that our records add. */
    private static io.fabric8.kubernetes.api.model.GenericKubernetesResource raw(
            String part, String yaml, String namespace) {
        return Serialization.unmarshal(
                text(part, yaml, namespace), io.fabric8.kubernetes.api.model.GenericKubernetesResource.class);
    }

    private static String text(String part, String yaml, String namespace) {
        String value = part.equals("mode") ? yaml : "{" + yaml + "}";
        return """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: broken, namespace: %s}
                spec:
                  database: {host: db, name: shop, credentialsSecretRef: {name: db}%s}
                %s
                """.formatted(
                        namespace,
                        part.equals("tls") ? ", tls: " + value : "",
                        part.equals("tls") ? "" : "  " + part + ": " + value);
    }
}
