package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.Environment;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsProblems.Known;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/settings.md lists what the program reads: each key, what it takes and what holds without it. */
class SettingsDriftTest {
    private static final Path DOCUMENT = Path.of("../docs/settings.md");

    @Test
    void theDocumentHasEverySettingWithItsBoundsAndStandard() throws IOException {
        List<String> documented = Files.readString(DOCUMENT)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2))
                        .strip())
                .toList();
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        known().stream().map(SettingsDriftTest::row).toList());
    }

    @Test
    void everySettingHasAVariableOfItsOwn() {
        List<String> variables =
                known().stream().map(known -> Environment.variable(known.key())).toList();
        assertThat(variables).doesNotHaveDuplicates();
    }

    private static String row(Known known) {
        if (known.key().equals("catalogs.enabled")) {
            return "| `catalogs.enabled` | %s | `all bundled ones`".formatted(known.takes());
        }
        String standard = known.standard().isEmpty() ? "" : " `" + known.standard() + "`";
        return "| `%s` | %s |%s"
                .formatted(
                        known.key().replace("example", "<catalog>").replace("one", "<table>"), known.takes(), standard);
    }

    private static List<Known> known() {
        SettingsProblems problems = new SettingsProblems();
        Config named = Config.builder(ConfigSources.create(Map.of(
                        "catalogs.example.tables.one", "x", "database.replica.url", "jdbc:postgresql://replica/app")))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        ServiceSettings.from(named, problems);
        return problems.known();
    }
}
