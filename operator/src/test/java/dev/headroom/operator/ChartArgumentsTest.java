package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.reconcile.AllowedHosts;
import dev.headroom.support.Settings;
import dev.headroom.support.SettingsSources;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart gives the operator as arguments is understood: the manifests of its examples are committed in the module charts. */
class ChartArgumentsTest {

    private static final Path MANIFESTS = Path.of("../charts/src/test/golden/headroom-operator");

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theOperatorTakesTheArgumentsOfTheChart(Path manifest) throws IOException {
        assertThat(settings(manifest).leaderElection()).isTrue();
        assertThat(settings(manifest).adminPort()).isEqualTo(8081);
    }

    @Test
    void valuesArriveAsTheyAreMeant() throws IOException {
        assertThat(settings(MANIFESTS.resolve("minimal.yaml")).namespaces()).isEmpty();
        assertThat(settings(MANIFESTS.resolve("namespaced.yaml")).namespaces()).isEqualTo(Set.of("shop", "statehub"));
        assertThat(settings(MANIFESTS.resolve("everything.yaml")).concurrency()).isEqualTo(20);
        assertThat(settings(MANIFESTS.resolve("everything.yaml")).databaseHosts())
                .isNotEqualTo(AllowedHosts.NONE);
    }

    private static OperatorSettings settings(Path manifest) throws IOException {
        String deployment = Stream.of(Files.readString(manifest).split("(?m)^---$"))
                .filter(document -> document.contains("\nkind: Deployment\n"))
                .findFirst()
                .orElseThrow();
        List<String> arguments = Serialization.unmarshal(deployment, Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getArgs();
        assertThat(arguments).first().isEqualTo("run");
        return Settings.load(
                        new SettingsSources(arguments.subList(1, arguments.size()), Map.of()), OperatorSettings::from)
                .settings();
    }
}
