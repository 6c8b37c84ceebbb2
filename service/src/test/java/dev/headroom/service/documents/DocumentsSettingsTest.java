package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentsSettingsTest {
    private final SettingsProblems problems = new SettingsProblems();

    @Test
    void nothingIsReadUnlessSomebodySaysWhere() {
        assertThat(settings(Map.of())).isEqualTo(DocumentsSettings.of());
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void everySettingIsRead() {
        assertThat(settings(Map.of(
                        "documents.roots", "/srv/repos, /home/me/src",
                        "documents.max-file-size", "64KB",
                        "documents.max-files", "10",
                        "documents.max-entries", "20",
                        "documents.parallel", "2")))
                .isEqualTo(new DocumentsSettings(
                        java.util.List.of(Path.of("/srv/repos"), Path.of("/home/me/src")), 65536, 10, 20, 2));
    }

    @Test
    void everyMistakeIsTold() {
        settings(Map.of("documents.roots", "repos", "documents.max-files", "0"));

        assertThat(problems.all())
                .containsExactlyInAnyOrder(
                        "documents.roots: expected absolute paths of directories, got \"repos\"",
                        "documents.max-files: expected a whole number from 1 to 10000000, got \"0\"");
    }

    private DocumentsSettings settings(Map<String, String> values) {
        return DocumentsSettings.from(Config.just(ConfigSources.create(values)), problems);
    }
}
