package dev.headroom.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private record Example(int port, Duration interval, boolean quiet, List<String> names, long memory, String level) {
        static Example from(Settings settings) {
            Settings server = settings.section("server");
            return new Example(
                    server.integer("port", 8081, 0, 65535, "where it listens"),
                    server.duration(
                            "interval",
                            Duration.ofMinutes(5),
                            Duration.ofSeconds(10),
                            Duration.ofHours(1),
                            "how often"),
                    settings.flag("quiet", false, "whether it is"),
                    settings.list("names", List.of("*"), "whose"),
                    settings.bytes("memory", 1 << 20, 1024, 1L << 30, "how much"),
                    settings.choice("level", "INFO", List.of("ERROR", "INFO"), "what is told"));
        }
    }

    private static Example load(List<String> arguments, Map<String, String> environment, Map<String, String> file) {
        return Settings.load(new SettingsSources(arguments, environment, file, "our.yaml"), Example::from)
                .settings();
    }

    private static List<String> problems(
            List<String> arguments, Map<String, String> environment, Map<String, String> file) {
        return assertThrows(InvalidSettings.class, () -> load(arguments, environment, file))
                .problems();
    }

    @Test
    void standardsHoldWhenNothingIsGiven() {
        Example settings = load(List.of(), Map.of(), Map.of());

        assertThat(settings).isEqualTo(new Example(8081, Duration.ofMinutes(5), false, List.of("*"), 1 << 20, "INFO"));
    }

    @Test
    void argumentsWinOverTheEnvironmentAndThatOverTheFile() {
        Example settings = load(
                List.of("--server.port=1"),
                Map.of("HEADROOM_SERVER_PORT", "2", "HEADROOM_QUIET", "true"),
                Map.of("server.port", "3", "quiet", "false", "memory", "2MB"));

        assertThat(settings.port()).isEqualTo(1);
        assertThat(settings.quiet()).isTrue();
        assertThat(settings.memory()).isEqualTo(2 << 20);
    }

    @Test
    void aListIsItemsOfAFileOrTextWithCommas() {
        Map<String, String> items = new LinkedHashMap<>();
        items.put("names.0", "with, comma");
        items.put("names.1", "b");

        assertThat(load(List.of(), Map.of(), items).names()).containsExactly("with, comma", "b");
        assertThat(load(List.of("--names=c, d"), Map.of(), items).names()).containsExactly("c", "d");
        assertThat(load(List.of("--names="), Map.of(), items).names()).isEmpty();
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlace() {
        List<String> problems = problems(
                List.of("--server.port=70000", "--colour=red", "--sever.interval=5s", "--quiet", "level=INFO"),
                Map.of("HEADROOM_SERVER_INTERVAL", "5"),
                Map.of("memory", "much", "level", "loud"));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "--quiet: needs a value: --quiet=…",
                        "level=INFO: expected a setting, such as --key=value",
                        "--server.port: expected a whole number from 0 to 65535, got \"70000\"",
                        "HEADROOM_SERVER_INTERVAL: expected a duration from 10s to 1h, got \"5\"",
                        "memory in our.yaml: expected a size from 1KB to 1GB, got \"much\"",
                        "level in our.yaml: expected one of ERROR, INFO, got \"loud\"",
                        "--colour: there is no such setting; known: server.port, server.interval, quiet, names, memory, level",
                        "--sever.interval: there is no such setting; did you mean server.interval?");
    }

    @Test
    void unknownVariablesAreWarningsUnlessKubernetesSetsThem() {
        Map<String, String> environment = Map.of(
                "HEADROOM_COLOUR", "red",
                "HEADROOM_PORT", "tcp://10.0.0.1:80",
                "HEADROOM_SERVICE_HOST", "10.0.0.1",
                "HEADROOM_SERVER_PORT", "tcp://10.0.0.1:8081",
                "PATH", "/bin");

        var loaded = Settings.load(new SettingsSources(List.of(), environment), Example::from);

        assertThat(loaded.unknownVariables()).containsExactly("HEADROOM_COLOUR");
        assertThat(loaded.settings().port()).isEqualTo(8081);
    }

    @Test
    void aVariableMayBringKeysOfItsOwn() {
        Settings.Loaded<Set<String>> loaded = Settings.load(
                new SettingsSources(
                        List.of(),
                        Map.of("HEADROOM_NAMES", "red", "HEADROOM_RED_SIZE", "7", "HEADROOM_BLUE_SIZE", "8")),
                settings -> {
                    settings.list("names", List.of(), "names")
                            .forEach(name -> settings.section(name).integer("size", 1, 0, 9, "size"));
                    return Set.of();
                });

        assertThat(loaded.known()).extracting(Settings.Known::key).containsExactly("names", "red.size");
        assertThat(loaded.unknownVariables()).containsExactly("HEADROOM_BLUE_SIZE");
    }
}
