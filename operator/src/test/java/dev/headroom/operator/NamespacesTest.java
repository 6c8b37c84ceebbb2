package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is watched: the namespaces that are named, or all. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamespacesTest {

    private TestCluster cluster;
    private KubernetesServer server;

    @BeforeAll
    void start(KubernetesServer given, KubernetesClient client) throws Exception {
        given.requireRealApi("it is about what a watch of several namespaces sees");
        server = given;
        cluster = TestCluster.start(client);
        cluster.stopOperator();
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.database.close();
        }
    }

    @Test
    void theNamedOnesAreWatched_andNoOther() throws Exception {
        try (KubernetesClient one = namespace("one");
                KubernetesClient two = namespace("two");
                KubernetesClient other = namespace("other")) {
            Set<String> named = Set.of(one.getNamespace(), two.getNamespace());
            PrometheusMeterRegistry metrics = Metrics.registry();
            try (RunningOperator operator = TestCluster.operator(one, metrics, named, false, () -> {})) {
                assertThat(operator.adminPort()).isPositive();
                create(other, "unseen");
                create(one, "seen");
                create(two, "seen");
                TestCluster.awaitStatus(one, "seen");
                TestCluster.awaitStatus(two, "seen");
                assertThat(get(other, "unseen").getStatus()).isNull();
                assertThat(get(other, "unseen").getMetadata().getFinalizers()).isEmpty();
                delete(one, two);
            }
            try (RunningOperator everywhere =
                    TestCluster.operator(one, Metrics.registry(), Set.of(), false, () -> {})) {
                assertThat(everywhere.adminPort()).isPositive();
                TestCluster.awaitStatus(other, "unseen");
                delete(other);
            }
        }
    }

    private KubernetesClient namespace(String name) {
        String unique = cluster.client.getNamespace() + "-" + name;
        cluster.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(unique)
                        .endMetadata()
                        .build())
                .create();
        return server.client(unique);
    }

    private void create(KubernetesClient client, String name) throws Exception {
        Secret secret = cluster.client.secrets().withName("db").get();
        secret.getMetadata().setNamespace(client.getNamespace());
        secret.getMetadata().setResourceVersion(null);
        secret.getMetadata().setUid(null);
        client.resource(secret).create();
        DbPerformance resource = cluster.resource(name, "Observe", "ix_" + name);
        resource.getMetadata().setNamespace(client.getNamespace());
        client.resource(resource).create();
    }

    private static DbPerformance get(KubernetesClient client, String name) {
        return client.resources(DbPerformance.class).withName(name).get();
    }

    private static void delete(KubernetesClient... clients) {
        for (KubernetesClient client : clients) {
            client.resources(DbPerformance.class).delete();
            TestCluster.awaitNone(client);
        }
    }
}
