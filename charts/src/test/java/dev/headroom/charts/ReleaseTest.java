package dev.headroom.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.ReleaseHistory;
import com.marcnuri.helm.UpgradeCommand;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases on a real API server: Helm installs, upgrades, rolls back and uninstalls them. No pod runs there. */
@KubernetesTest
class ReleaseTest {

    private static final String DEFINITION = "dbperformances.headroom.dev";
    private static Path kubeconfig;

    private String namespace;
    private KubernetesClient client;

    @BeforeAll
    static void prepare(KubernetesServer server, KubernetesClient client, @TempDir Path folder) throws Exception {
        server.requireRealApi("it is about what becomes of objects on a cluster");
        kubeconfig = RealApi.kubeconfig(server, folder);
        RealApi.foreignKinds(client);
    }

    @BeforeEach
    void ownNamespace(KubernetesClient admin) {
        client = admin;
        namespace = "release-" + UUID.randomUUID().toString().substring(0, 8);
        RealApi.restrictedNamespace(client, namespace);
    }

    @Test
    void theOperatorIsInstalledUpgradedAndUninstalled_andItsDefinitionStays() {
        Chart chart = Chart.OPERATOR;
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .delete();
        await().until(() -> definition() == null);
        install(chart, chart.example("minimal").values());
        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(2);
        assertThat(definition()).isNotNull();
        client.resource(RealApi.object(dbPerformance())).inNamespace(namespace).create();

        upgrade(chart, chart.example("minimal").values()).set("replicas", 3).call();
        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(3);

        uninstall();
        assertThat(leftOver(chart, "minimal")).isEmpty();
        assertThat(definition()).isNotNull();
        assertThat(client.genericKubernetesResources("headroom.dev/v1alpha1", "DbPerformance")
                        .inNamespace(namespace)
                        .withName("kept")
                        .get())
                .isNotNull();

        install(chart, chart.example("minimal").values()); // takes its definition back
        uninstall();
    }

    /** Helm rolls an upgrade back that does not become ready; here nothing does. */
    @Test
    void anUpgradeThatFailsIsRolledBack() {
        Chart chart = Chart.SERVICE;
        Path values = chart.example("minimal").values();
        install(chart, values);
        String before = deployment(chart).getSpec().getTemplate().toString();

        assertThatThrownBy(() -> upgrade(chart, values)
                        .set("image.tag", "broken")
                        .set("shutdown.graceSeconds", 60)
                        .atomic()
                        .withTimeout(1)
                        .call())
                .isInstanceOf(IllegalStateException.class);

        assertThat(deployment(chart).getSpec().getTemplate()).hasToString(before);
        List<ReleaseHistory> history = Helm.history(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .call();
        assertThat(history)
                .extracting(ReleaseHistory::getRevision)
                .containsExactly(1, 2, 3); // the third is the way back
        uninstall();
        assertThat(leftOver(chart, "minimal")).isEmpty();
    }

    @Test
    void anUpgradeKeepsTheNumberOfReplicasThatSomebodyElseSet() {
        Chart chart = Chart.SERVICE;
        defineDbPerformance();
        install(chart, chart.example("scaled").values());
        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(1); // Kubernetes' own default
        scale(chart, 6);

        upgrade(chart, chart.example("scaled").values())
                .set("shutdown.graceSeconds", 30)
                .call();

        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(6);
        uninstall();
        assertThat(leftOver(chart, "scaled")).isEmpty();
    }

    @Test
    void aReleaseThatIsScaledFromNowOnKeepsItsReplicas() {
        Chart chart = Chart.SERVICE;
        defineDbPerformance();
        install(chart, chart.example("minimal").values());
        scale(chart, 5);

        upgrade(chart, chart.example("scaled").values()).call();
        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(5);
        scale(chart, 8);
        upgrade(chart, chart.example("scaled").values()).call();

        assertThat(deployment(chart).getSpec().getReplicas()).isEqualTo(8);
        uninstall();
    }

    @Test
    void thePasswordOfDevIsKeptByUpgrades() {
        Chart chart = Chart.SERVICE;
        defineDbPerformance();
        Path values = chart.example("dev").values();
        new Helm(chart.folder)
                .install()
                .withName(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .withValuesFile(values)
                .set("dev.password", "")
                .call();
        String made = password();

        upgrade(chart, values).set("dev.password", "").set("dev.sampleScale", 0).call();

        assertThat(password()).hasSizeGreaterThan(40).isEqualTo(made);
        uninstall();
        assertThat(leftOver(chart, "dev")).isEmpty();
    }

    private String password() {
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName("shop-headroom-service-dev")
                .require();
        return secret.getData().get("password");
    }

    private void install(Chart chart, Path values) {
        new Helm(chart.folder)
                .install()
                .withName(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .withValuesFile(values)
                .call();
    }

    private UpgradeCommand upgrade(Chart chart, Path values) {
        return new Helm(chart.folder)
                .upgrade()
                .withName(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .withValuesFile(values);
    }

    private void uninstall() {
        Helm.uninstall(Chart.RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .call();
    }

    private Deployment deployment(Chart chart) {
        return client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("shop-" + chart.title)
                .require();
    }

    private void scale(Chart chart, int replicas) {
        client.resource(deployment(chart)).scale(replicas);
    }

    private Object definition() {
        return client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .get();
    }

    private void defineDbPerformance() {
        if (definition() == null) {
            RealApi.define(
                    client,
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .load(Path.of("../crds", DEFINITION + ".yaml").toFile())
                            .item());
        }
    }

    private static JsonNode dbPerformance() {
        return Rendered.parse("""
                apiVersion: headroom.dev/v1alpha1
                kind: DbPerformance
                metadata: {name: kept}
                spec: {database: {credentialsSecretRef: {name: shop-db}}}
                """);
    }

    /** What is still there of a release, but for the definition; with Helm's own records. */
    private List<String> leftOver(Chart chart, String example) {
        List<String> found = new ArrayList<>();
        for (JsonNode object : chart.example(example).render().objects()) {
            GenericKubernetesResource resource =
                    RealApi.object(object.toString().replace(Chart.NAMESPACE, namespace));
            if (!Rendered.kind(object).equals("CustomResourceDefinition")
                    && client.resource(resource).get() != null) {
                found.add(Rendered.kind(object) + " " + resource.getMetadata().getName());
            }
        }
        client.secrets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(secret -> found.add("Secret " + secret.getMetadata().getName()));
        client.configMaps().inNamespace(namespace).list().getItems().stream()
                .filter(map -> !map.getMetadata().getName().equals("kube-root-ca.crt"))
                .forEach(map -> found.add("ConfigMap " + map.getMetadata().getName()));
        return found;
    }
}
