package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headroom.support.InvalidSettings;
import dev.headroom.support.Settings;
import dev.headroom.support.SettingsSources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static OperatorSettings load(List<String> arguments, Map<String, String> environment) {
        return Settings.load(new SettingsSources(arguments, environment), OperatorSettings::from)
                .settings();
    }

    @Test
    void nothingGivenIsTheStandard() {
        OperatorSettings settings = load(List.of(), Map.of());

        assertThat(settings.namespaces()).isEmpty();
        assertThat(settings.leaderElection()).isFalse();
        assertThat(settings.adminPort()).isEqualTo(8081);
        assertThat(settings.longestInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.logLevel()).isEqualTo("INFO");
    }

    @Test
    void namespacesAreNamesOrAStar() {
        assertThat(load(List.of("--watch-namespaces=a, b"), Map.of()).namespaces())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(load(List.of("--watch-namespaces=*"), Map.of()).namespaces()).isEmpty();
        assertThat(problems("--watch-namespaces=*,Web"))
                .containsExactly(
                        "--watch-namespaces: \"Web\" is no name of a namespace",
                        "--watch-namespaces: give either * or names, not both");
        assertThat(problems("--watch-namespaces="))
                .containsExactly("--watch-namespaces: names no namespace; give * for all");
    }

    private static List<String> problems(String... arguments) {
        return assertThrows(InvalidSettings.class, () -> load(List.of(arguments), Map.of()))
                .problems();
    }
}
