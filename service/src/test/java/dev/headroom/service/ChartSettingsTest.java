package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the chart gives the service to read is understood: the manifests of its examples are committed in the module charts. */
class ChartSettingsTest {

    private static final Path MANIFESTS = Path.of("../charts/src/test/golden/headroom-service");

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theServiceTakesTheSettingsOfTheChart(Path manifest, @TempDir Path folder) throws Exception {
        List<Map<?, ?>> objects = objects(Files.readString(manifest));
        Path file = Files.writeString(folder.resolve("settings.yaml"), settingsFile(objects));
        Map<String, String> variables = variables(objects);

        SettingsLoader.Loaded loaded =
                SettingsLoader.load(CommandLine.parse(new String[] {"--config=" + file}, variables), variables);

        // Secrets are mounted in a pod alone.
        assertThat(loaded.problems()).allMatch(problem -> problem.contains("cannot read the file /etc/headroom/"));
    }

    private static List<Map<?, ?>> objects(String manifest) {
        Iterable<Object> documents = new Load(LoadSettings.builder().build()).loadAllFromString(manifest);
        return StreamSupport.stream(documents.spliterator(), false)
                .filter(Map.class::isInstance)
                .<Map<?, ?>>map(Map.class::cast)
                .toList();
    }

    private static String settingsFile(List<Map<?, ?>> objects) {
        return objects.stream()
                .filter(object -> object.get("kind").equals("ConfigMap"))
                .map(object -> (Map<?, ?>) object.get("data"))
                .filter(data -> data.containsKey("settings.yaml"))
                .map(data -> (String) data.get("settings.yaml"))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> variables(List<Map<?, ?>> objects) {
        Map<?, ?> deployment = objects.stream()
                .filter(object -> object.get("kind").equals("Deployment"))
                .findFirst()
                .orElseThrow();
        List<?> containers = (List<?>) at(deployment, "spec", "template", "spec", "containers");
        Map<String, String> variables = new TreeMap<>();
        if (((Map<?, ?>) containers.getFirst()).get("env") instanceof List<?> given) {
            given.stream()
                    .map(Map.class::cast)
                    .forEach(each -> variables.put(
                            (String) each.get("name"), each.get("value") instanceof String value ? value : "secret"));
        }
        return variables;
    }

    private static Object at(Map<?, ?> object, String... path) {
        Object found = object;
        for (String name : path) {
            found = ((Map<?, ?>) found).get(name);
        }
        return found;
    }
}
