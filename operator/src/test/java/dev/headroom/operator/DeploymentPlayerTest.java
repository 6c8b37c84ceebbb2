package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KubernetesTest
class DeploymentPlayerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KubernetesClient client;
    private final DeploymentPlayer player;
    private String name = "";

    DeploymentPlayerTest(KubernetesServer server, KubernetesClient client) {
        this.client = client;
        this.player = DeploymentPlayer.in(server, client.getNamespace());
    }

    @AfterEach
    void stop() {
        player.close();
    }

    @BeforeEach
    void anApiWithThreeReplicas() {
        name = "api-" + Long.toHexString(System.nanoTime());
        client.apps().deployments().resource(deployment(3)).create();
        awaitReady(3);
    }

    @Test
    void aDeploymentGetsReadyPodsWithItsLabelsAndAddressesOfTheirOwn() {
        assertThat(pods()).hasSize(3).allMatch(DeploymentPlayer::isReady).allSatisfy(pod -> {
            assertThat(pod.getMetadata().getLabels()).containsEntry("app", name);
            assertThat(pod.getMetadata().getOwnerReferences().getFirst().getUid())
                    .isEqualTo(deployment().getMetadata().getUid());
        });
        assertThat(pods())
                .extracting(pod -> pod.getStatus().getPodIP())
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(deployment().getStatus().getObservedGeneration())
                .isEqualTo(deployment().getMetadata().getGeneration());
    }

    @Test
    void theScaleSubresourceChangesTheNumberOfPodsUpAndDown() {
        client.apps().deployments().withName(name).scale(5);
        awaitReady(5);
        client.apps().deployments().withName(name).scale(1);
        awaitReady(1);
    }

    @Test
    void aDeletedPodIsReplaced() {
        Pod victim = pods().getFirst();
        client.pods().resource(victim).delete();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pods())
                        .hasSize(3)
                        .noneMatch(pod -> pod.getMetadata()
                                .getUid()
                                .equals(victim.getMetadata().getUid())));
        awaitReady(3);
    }

    @Test
    void aNewTemplateReplacesThePodsOneAfterAnotherAndWaitsForReadiness() {
        List<String> before = names();
        player.holdReadiness();
        client.apps()
                .deployments()
                .withName(name)
                .edit(d -> new DeploymentBuilder(d)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage("api:2")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(deployment().getStatus().getReplicas()).isEqualTo(4);
            assertThat(deployment().getStatus().getUpdatedReplicas()).isEqualTo(1);
        });
        assertThat(names()).containsAll(before);
        player.release();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).doesNotContainAnyElementsOf(before));
        awaitReady(3);
    }

    @Test
    void theLastPodsGoWithTheirDeployment() {
        client.apps().deployments().withName(name).delete();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pods()).isEmpty());
    }

    private void awaitReady(int replicas) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(pods()).hasSize(replicas);
            // The pods are there before the first status is.
            assertThat(deployment().getStatus()).isNotNull();
            assertThat(deployment().getStatus().getReadyReplicas()).isEqualTo(replicas);
            assertThat(deployment().getStatus().getReplicas()).isEqualTo(replicas);
            assertThat(deployment().getStatus().getUpdatedReplicas()).isEqualTo(replicas);
        });
    }

    private Deployment deployment() {
        return client.apps().deployments().withName(name).get();
    }

    private List<Pod> pods() {
        return client.pods().withLabel("app", name).list().getItems();
    }

    private List<String> names() {
        return pods().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private Deployment deployment(int replicas) {
        Map<String, String> labels = Map.of("app", name);
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("api")
                .withImage("api:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
