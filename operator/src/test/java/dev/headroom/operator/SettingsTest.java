package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void nothingGivenIsTheStandard() {
        OperatorSettings settings = SettingsReader.read(List.of(), Map.of());
        assertThat(settings.namespaces()).isEmpty();
        assertThat(settings.leaderElection()).isFalse();
        assertThat(settings.adminPort()).isEqualTo(8081);
        assertThat(settings.longestInterval()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void anArgumentBeatsTheEnvironment_whichBeatsTheStandard() {
        Map<String, String> environment = Map.of("HEADROOM_ADMIN_PORT", "1", "HEADROOM_WATCH_NAMESPACES", "a, b");
        OperatorSettings settings = SettingsReader.read(List.of("--admin-port=2"), environment);
        assertThat(settings.adminPort()).isEqualTo(2);
        assertThat(settings.namespaces()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void allProblemsAreToldAtOnce_eachWithItsSetting() {
        List<String> arguments = List.of(
                "--admin-port=70000",
                "--concurrency=many",
                "--leader-election=maybe",
                "--longest-interval=5",
                "--release-patience=48h",
                "--watch-namespaces=*,Web",
                "--colour=red",
                "--log-level");
        InvalidSettings refused = assertThrows(
                InvalidSettings.class, () -> SettingsReader.read(arguments, Map.of("HEADROOM_LOG_LEVEL", "loud")));
        assertThat(refused.problems())
                .hasSize(9)
                .anyMatch(problem -> problem.startsWith("--admin-port (HEADROOM_ADMIN_PORT): 70000 is not from 0 to"))
                .anyMatch(problem -> problem.startsWith("--concurrency ") && problem.contains("\"many\" is no number"))
                .anyMatch(problem -> problem.startsWith("--leader-election ") && problem.contains("maybe"))
                .anyMatch(problem -> problem.startsWith("--longest-interval ") && problem.contains("not a duration"))
                .anyMatch(problem -> problem.startsWith("--release-patience ") && problem.contains("0s to 24h"))
                .anyMatch(problem -> problem.startsWith("--watch-namespaces ") && problem.contains("\"Web\""))
                .anyMatch(problem -> problem.startsWith("--colour is no setting; there are --watch-namespaces"))
                .anyMatch(problem -> problem.startsWith("--log-level needs a value"))
                .anyMatch(problem -> problem.startsWith("--log-level (HEADROOM_LOG_LEVEL): \"LOUD\""));
    }
}
