package dev.headroom.operator.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The ground on which the loop runs: pods that are processes of the service. Nothing scales them but these tests. */
@KubernetesTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubeletIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private ScalingLoop loop;

    @BeforeAll
    void start(KubernetesServer server, KubernetesClient client, @TempDir Path folder) throws Exception {
        loop = new ScalingLoop(server, client, folder);
        awaitReady(1);
    }

    @AfterAll
    void stop() throws Exception {
        if (loop != null) {
            loop.close();
        }
    }

    @Test
    @Order(1)
    void aPublishedSizeIsInForceSoonAfterThePodsAnnotationChanged() throws Exception {
        try (LoadGenerator load = new LoadGenerator(loop::endpoints, LoadSchedule.from(30))) {
            await().atMost(PATIENCE).until(() -> loop.connections.latest().pods() > 3);

            loop.client
                    .resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("shop-pool")
                            .endMetadata()
                            .addToData("pool", "generation=1\nmaximum-pool-size=1\nminimum-idle=1\n")
                            .build())
                    .create();
            loop.client
                    .pods()
                    .resource(loop.kubelet.pods().getFirst())
                    .edit(p -> new PodBuilder(p)
                            .editMetadata()
                            .addToAnnotations("headroom.dev/pool-generation", "1")
                            .endMetadata()
                            .build());

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> loop.connections.latest().pods() == 1);
            load.stop();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    @Order(2)
    void aKilledProcessIsStartedAgainInItsPod() {
        Pod pod = loop.kubelet.pods().getFirst();

        loop.kubelet.kill(pod);

        await().atMost(PATIENCE).until(() -> loop.endpoints().isEmpty());
        awaitReady(1);
        assertThat(loop.kubelet.pods()).singleElement().satisfies(same -> {
            assertThat(same.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
            assertThat(same.getStatus().getContainerStatuses().getFirst().getRestartCount())
                    .isEqualTo(1);
        });
    }

    @Test
    @Order(3)
    void aPodThatGoesAnswersWhatItHasAndStaysInTheApiUntilItsProcessEnded() {
        scale(2);
        awaitReady(2);
        try (LoadGenerator load = new LoadGenerator(loop::endpoints, LoadSchedule.from(40))) {
            await().atMost(PATIENCE).until(() -> load.sent() > 100);

            scale(1);

            await().atMost(PATIENCE).until(() -> loop.kubelet.pods().stream().anyMatch(Pod::isMarkedForDeletion));
            assertThat(loop.endpoints()).hasSize(1);
            await().atMost(PATIENCE).until(() -> loop.kubelet.pods().size() == 1);
            load.stop();
            assertThat(load.failures()).isEmpty();
            assertThat(load.retried()).isZero();
        }
    }

    private void scale(int replicas) {
        loop.client.apps().deployments().withName("shop").scale(replicas);
    }

    private void awaitReady(int pods) {
        await().atMost(PATIENCE).until(() -> loop.endpoints().size() == pods);
    }
}
