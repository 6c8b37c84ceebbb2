package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The client of the program itself; other tests have one of the test kit. */
@KubernetesTest
class ClusterClientTest {

    @Test
    void textInAnyLanguagePassesThroughAWatch(KubernetesClient tests) {
        try (KubernetesClient client = ClusterClient.client(tests.getConfiguration());
                SharedIndexInformer<ConfigMap> maps =
                        client.configMaps().inNamespace(tests.getNamespace()).inform()) {
            for (int i = 0; i < 20; i++) {
                tests.resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("map-" + i)
                                .endMetadata()
                                .withData(Map.of("street", "straße 12 ÷ 3 − 1 × 索引".repeat(50)))
                                .build())
                        .create();
            }

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(maps.getStore().list())
                            .filteredOn(map -> map.getMetadata().getName().startsWith("map-"))
                            .hasSize(20)
                            .allSatisfy(map -> assertThat(map.getData()).containsKey("street")));
            assertThat(maps.isWatching()).isTrue();
        }
    }

    @Test
    void fieldsOfANewerVersionAreLeftAlone(KubernetesClient tests) {
        try (KubernetesClient client = ClusterClient.client(tests.getConfiguration())) {
            DbPerformanceSpec spec = client.getKubernetesSerialization()
                    .unmarshal(
                            "{\"database\": {\"credentialsSecretRef\": {\"name\": \"db\", \"later\": 1}}, \"later\": {\"a\": 1}}",
                            DbPerformanceSpec.class);

            assertThat(spec.database().credentialsSecretRef().name()).isEqualTo("db");
        }
    }
}
