package dev.headroom.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.MountedSecret;
import dev.headroom.testkit.LoggedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    @TempDir
    Path folder;

    private final List<String> problems = new ArrayList<>();

    private Secret secret(Path file) {
        return Secret.read("database.password-file", file.toString(), problems::add)
                .orElseThrow();
    }

    @Test
    void aSwappedMountIsReadAtTheNextLogin() {
        MountedSecret mounted = new MountedSecret(folder, "password", "first\n");
        Secret secret = secret(mounted.file());
        assertThat(secret.value()).isEqualTo("first");

        mounted.replace("second\n");

        assertThat(secret.value()).isEqualTo("second");
    }

    @Test
    void whileTheFileIsGoneTheLastValueStaysAndThatIsSaidOnce() {
        MountedSecret mounted = new MountedSecret(folder, "password", "first");
        Secret secret = secret(mounted.file());
        try (LoggedLines log = LoggedLines.of(Secret.class.getPackage())) {
            mounted.remove();
            for (int login = 0; login < 5; login++) {
                assertThat(secret.value()).isEqualTo("first");
            }
            assertThat(log.warnings()).hasSize(1);
            assertThat(log.warnings().getFirst())
                    .contains("database.password-file", mounted.file().toString(), "stays in use");

            mounted.replace("second");
            assertThat(secret.value()).isEqualTo("second");
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getLast()).startsWith("INFO database.password-file");
            assertThat(log.lines()).noneMatch(line -> line.contains("first") || line.contains("second"));
        }
    }

    @Test
    void anEmptyFileIsNoValue() throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "first");
        Secret secret = secret(file);

        Files.writeString(file, "");
        assertThat(secret.value()).isEqualTo("first");
        Files.writeString(file, "\n");
        assertThat(secret.value()).isEqualTo("first");

        assertThat(Secret.read("database.password-file", file.toString(), problems::add))
                .isEmpty();
        assertThat(problems).singleElement().asString().contains("is empty");
    }

    @Test
    void noTextShowsIt() {
        assertThat(new Secret("first").toString()).isEqualTo("(secret)");
    }
}
