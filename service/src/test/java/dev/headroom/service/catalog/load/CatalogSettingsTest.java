package dev.headroom.service.catalog.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogSettingsTest {

    @Test
    void everythingBundledIsServedAndMigratedUnlessSettingsSayOtherwise() {
        CatalogSettings settings = read(Map.of());
        assertThat(settings.enabled()).contains("statehub");
        assertThat(settings.migrate()).isTrue();
        assertThat(settings.tables("statehub", "statehub").qualified("tasks")).isEqualTo("\"statehub\".\"tasks\"");
    }

    @Test
    void aCatalogAndSingleTablesCanBeElsewhere() {
        CatalogSettings settings = read(Map.of(
                "catalogs.enabled", "statehub",
                "catalogs.folders", "/a, /b",
                "catalogs.migrate", "false",
                "catalogs.statehub.schema", "public",
                "catalogs.statehub.tables.tasks", "legacy.old_tasks"));
        assertThat(settings.folders()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(settings.migrate()).isFalse();
        TableNames tables = settings.tables("statehub", "statehub");
        assertThat(tables.qualified("topics")).isEqualTo("\"public\".\"topics\"");
        assertThat(tables.qualified("tasks")).isEqualTo("\"legacy\".\"old_tasks\"");
    }

    private static CatalogSettings read(Map<String, String> values) {
        Config config = Config.builder(ConfigSources.create(values))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        SettingsProblems problems = new SettingsProblems();
        CatalogSettings settings = CatalogSettings.from(new SettingsSection(config.get("catalogs"), problems));
        assertThat(problems.all()).isEmpty();
        return settings;
    }
}
