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
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same broken specs before our rules in Java and before those in the CRD, where an API server evaluates them. */
@KubernetesTest
class SpecRulesTest {

    private static final String TWO =
            "declared: [{name: a, table: t, columns: [x]}, {name: a, table: t, columns: [y]}]";

    private static final String SCALED = "target: {name: t}; objective: {request: {under: 1s}}; ";

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
                "spec | pool: {} | pool needs a target",
                "spec | target: {name: t}; pool: {minPerReplica: 9, maxPerReplica: 8} | pool.minPerReplica must not be above",
                "spec | target: {name: t}; pool: {minPerReplica: 11} | pool.minPerReplica must not be above pool.maxPerReplica",
                "spec | target: {name: t}; replicas: {max: 3} | replicas need a target and objective.request",
                "spec | target: {name: t}; objective: {statement: {under: 1s}}; replicas: {max: 3} | replicas need a target and",
                "spec | objective: {request: {under: 1s}}; replicas: {max: 3} | replicas need a target and objective.request",
                "spec | " + SCALED + "replicas: {min: 4, max: 3} | replicas.min must not be above replicas.max",
                "spec | metrics: {source: Prometheus} | give both, or neither",
                "spec | metrics: {prometheus: {url: \"http://p:9090\"}} | give both, or neither",
                "spec | metrics: {interval: 999ms} | interval must be from 1s to 5m",
                "spec | metrics: {interval: 5m1s} | interval must be from 1s to 5m",
                "spec | objective: {request: {under: 0ms}} | under must be from 1ms to 10m",
                "spec | objective: {request: {under: 1h}} | under must be from 1ms to 10m",
                "spec | objective: {statement: {under: 10m1ms}} | under must be from 1ms to 10m",
                "spec | " + SCALED + "replicas: {max: 3, scaleUp: {period: 999ms}} | period must be from 1s to 30m",
                "spec | " + SCALED + "replicas: {max: 3, scaleUp: {period: 31m}} | period must be from 1s to 30m",
                "spec | " + SCALED + "replicas: {max: 3, scaleDown: {period: 0s}} | period must be from 1s to 30m",
                "spec | " + SCALED
                        + "replicas: {max: 3, scaleDown: {minWindow: 24h1s}} | a window must be from 0s to 24h",
                "spec | " + SCALED
                        + "replicas: {max: 3, scaleDown: {maxWindow: 25h}} | a window must be from 0s to 24h",
                "blackout | schedule: 0 22 * * *, duration: 59s | duration must be from 1m to 24h",
                "blackout | schedule: 0 22 * * *, duration: 25h | duration must be from 1m to 24h",
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

    /** At the edges of what is allowed, and what a schema cannot say: an operator refuses it with these words. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "spec | target: {name: t}; pool: {minPerReplica: 8, maxPerReplica: 8} | none",
                "spec | metrics: {source: Prometheus, prometheus: {url: \"http://p:9090\"}, interval: 5m} | none",
                "spec | metrics: {interval: 1s}; objective: {request: {under: 1ms}, statement: {under: 10m}} | none",
                "spec | " + SCALED + "replicas: {min: 3, max: 3, scaleUp: {period: 1s}, scaleDown: {period: 30m,"
                        + " minWindow: 0s, maxWindow: 24h}} | none",
                "blackout | schedule: \"*/5 22,23 1-31 jan-dec mon-fri\", duration: 1m | none",
                "blackout | schedule: \"0 22 * * 7\", duration: 24h, timeZone: Europe/Berlin | none",
                "blackout | schedule: \"0 25 * * *\", duration: 1h | blackouts[0].schedule: \"25\" is no hour: from 0 to 23,"
                        + " a list, a range or *",
                "blackout | schedule: \"0 22 * * * *\", duration: 1h | blackouts[0].schedule: \"0 22 * * * *\" has 6 fields, cron"
                        + " has five: minute, hour, day of the month, month, day of the week",
                "blackout | schedule: \"0 22 * * *\", duration: 1h, timeZone: Mars/Olympus | blackouts[0].timeZone: there is no"
                        + " time zone Mars/Olympus; one is Europe/Berlin",
            })
    void whatASchemaAllowsMayStillBeRefusedByTheOperator(
            String part, String yaml, String message, KubernetesClient client, KubernetesServer server) {
        assertThat(SpecRules.breaches(spec(part, yaml, client.getNamespace()).getSpec()))
                .map(SpecRules.Breach::toString)
                .isEqualTo(message == null ? List.of() : List.of("spec.replicas." + message));
        if (server.kind() != KubernetesServer.Kind.IN_PROCESS) {
            var resource = raw(part, yaml, client.getNamespace());
            resource.getMetadata().setName("allowed-" + UUID.randomUUID());
            client.resource(resource).create();
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
        String value = switch (part) {
            case "mode" -> "  mode: " + yaml;
            case "spec" -> "  " + yaml.replace("; ", "\n  ");
            case "blackout" -> "  " + SCALED.replace("; ", "\n  ") + "replicas: {max: 3, blackouts: [{" + yaml + "}]}";
            default -> "  " + part + ": {" + yaml + "}";
        };
        return """
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: broken, namespace: %s}
                spec:
                  database: {host: db, name: shop, credentialsSecretRef: {name: db}%s}
                %s
                """.formatted(
                        namespace, part.equals("tls") ? ", tls: {" + yaml + "}" : "", part.equals("tls") ? "" : value);
    }
}
