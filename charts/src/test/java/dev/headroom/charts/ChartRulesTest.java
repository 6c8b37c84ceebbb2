package dev.headroom.charts;

import static dev.headroom.charts.Rendered.items;
import static dev.headroom.charts.Rendered.kind;
import static dev.headroom.charts.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every object of every chart with every file of values. */
class ChartRulesTest {

    private static final Set<String> OF_THE_CLUSTER =
            Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition");

    static Stream<Chart.Example> examples() {
        return Chart.examples().stream();
    }

    @ParameterizedTest
    @EnumSource
    void lintFindsNothing(Chart chart) {
        assertThat(chart.lint().getMessages()).containsExactly("[INFO] Chart.yaml: icon is recommended");
    }

    @ParameterizedTest
    @EnumSource
    void theVersionIsThatOfTheProject(Chart chart) throws IOException {
        Matcher version = Pattern.compile("<version>(.*)</version>").matcher(Files.readString(Path.of("../pom.xml")));
        assertThat(version.find()).isTrue();

        JsonNode description = chart.yaml("Chart.yaml");

        assertThat(description.path("version").asText()).isEqualTo(version.group(1));
        assertThat(description.path("appVersion").asText()).isEqualTo(version.group(1));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theNotesNameTheNextCommands(Chart.Example example) {
        String notes = example.chart().notes(example.values());
        String deployment = Rendered.name(example.render().one("Deployment"));

        assertThat(notes)
                .contains("kubectl -n " + Chart.NAMESPACE + " rollout status deployment/" + deployment)
                .containsPattern("kubectl apply|curl https?://shop.example/|curl localhost:8080/")
                .doesNotContain("<no value>");
        assertThat(notes.contains("NOT FOR PRODUCTION"))
                .isEqualTo(example.name().equals("dev"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void podsAreRestricted(Chart.Example example) {
        for (JsonNode pod : example.render().pods()) {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            items(pod.path("containers")).forEach(ChartRulesTest::assertRestricted);
        }
    }

    private static void assertRestricted(JsonNode container) {
        JsonNode security = container.path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(texts(security.at("/capabilities/drop"))).containsExactly("ALL");
        assertThat(container.at("/resources/requests/memory").isTextual()).isTrue();
        assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
        assertThat(items(container.path("volumeMounts"))
                        .map(mount -> mount.path("mountPath").asText()))
                .contains("/tmp");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theProgramRunsAsTheUserOfItsImage(Chart.Example example) {
        JsonNode pod = example.render().one("Deployment").at("/spec/template/spec");

        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
        assertThat(pod.at("/securityContext/runAsGroup").asInt()).isEqualTo(65532);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everythingMountedIsAVolumeAndTheOtherWayRound(Chart.Example example) {
        for (JsonNode pod : example.render().pods()) {
            List<String> mounted = items(pod.path("containers"))
                    .flatMap(container -> items(container.path("volumeMounts")))
                    .map(mount -> mount.path("name").asText())
                    .distinct()
                    .toList();
            assertThat(items(pod.path("volumes"))
                            .map(volume -> volume.path("name").asText()))
                    .containsExactlyInAnyOrderElementsOf(mounted);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void objectsBearTheLabelsOfTheirReleaseAndANamespaceWhereTheyNeedOne(Chart.Example example) {
        for (JsonNode object : example.render().objects()) {
            assertThat(object.at("/metadata/labels")
                            .path("app.kubernetes.io/instance")
                            .asText())
                    .as(object.toString())
                    .isEqualTo(Chart.RELEASE);
            assertThat(object.at("/metadata/labels")
                            .path("app.kubernetes.io/managed-by")
                            .asText())
                    .isEqualTo("Helm");
            assertThat(object.at("/metadata").has("namespace"))
                    .as(object.toString())
                    .isEqualTo(!OF_THE_CLUSTER.contains(kind(object)));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everySelectorFindsThePodsOfOneWorkload(Chart.Example example) {
        Rendered rendered = example.render();
        List<JsonNode> pods = rendered.objects().stream()
                .map(object -> object.at("/spec/template/metadata/labels"))
                .filter(JsonNode::isObject)
                .toList();
        for (JsonNode object : rendered.objects()) {
            JsonNode selector = switch (kind(object)) {
                case "Service" -> object.at("/spec/selector");
                case "NetworkPolicy" -> object.at("/spec/podSelector/matchLabels");
                case "Deployment", "StatefulSet", "PodDisruptionBudget" -> object.at("/spec/selector/matchLabels");
                default -> Rendered.parse("{}");
            };
            if (!selector.isEmpty()) {
                assertThat(pods.stream()
                                .filter(labels -> selector.properties().stream()
                                        .allMatch(label -> label.getValue().equals(labels.path(label.getKey())))))
                        .as(object.toString())
                        .hasSize(1);
            }
        }
    }
}
