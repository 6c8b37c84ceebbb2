package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
    private static final String URL = "--database.url=jdbc:postgresql://localhost/app";

    @TempDir
    Path folder;

    @Test
    void argumentsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("settings.yaml"),
                "server: {port: 1, shutdown-grace: 7s}\nadmin: {port: 1001}\nprofile: {slow-request-warn: 70ms}\n");
        ServiceSettings settings = load(
                        Map.of("HEADROOM_SERVER_PORT", "2", "HEADROOM_ADMIN_PORT", "1002"),
                        URL,
                        "--config=" + file,
                        "--server.port=3")
                .settings()
                .orElseThrow();
        assertThat(settings.server().api().port()).isEqualTo(3);
        assertThat(settings.server().admin().port()).isEqualTo(1002);
        assertThat(settings.server().stopping().grace()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.profile().slowWarn()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void allProblemsAreToldAtOnceEachWithItsKeyAndWhatIsExpected() throws Exception {
        assertThat(load(
                                Map.of(),
                                "--server.port=http",
                                "--server.shutdown-grace=soon",
                                "--server.cors.origins=app.example.org",
                                "--profile.enabled=perhaps",
                                "--server.max-url-length=1GB")
                        .problems())
                .hasSize(6)
                .anyMatch(problem -> problem.startsWith("server.port: expected a whole number from 0 to 65535, got"))
                .anyMatch(problem -> problem.startsWith("server.shutdown-grace: expected a duration from"))
                .anyMatch(problem -> problem.startsWith("server.cors.origins: expected * or an origin"))
                .anyMatch(problem -> problem.startsWith("profile.enabled: expected true or false"))
                .anyMatch(problem -> problem.startsWith("server.max-url-length: expected a size from"))
                .anyMatch(problem -> problem.startsWith("database.url: is required"));
    }

    @Test
    void anUnknownKeyIsAProblemWithAHint() throws Exception {
        assertThat(load(Map.of(), URL, "--server.prot=1").problems())
                .containsExactly("server.prot: there is no such setting; did you mean server.port?");
    }

    @Test
    void aSecretComesFromAFileAndIsNeverShown() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "s3cret ${HOME}\n");
        ServiceSettings settings = load(Map.of(), URL, "--database.password-file=" + file)
                .settings()
                .orElseThrow();
        assertThat(settings.database().password().value()).isEqualTo("s3cret ${HOME}");
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @Test
    void aSecretFileThatIsNotThereIsAProblem() throws Exception {
        assertThat(load(Map.of(), URL, "--database.password-file=/nope").problems())
                .singleElement()
                .asString()
                .startsWith("database.password-file: cannot read the file /nope");
    }

    @Test
    void whatKubernetesSaysAboutServicesIsNoSetting() throws Exception {
        var loaded = load(
                Map.of(
                        "HEADROOM_SERVER_PORT", "tcp://10.0.0.7:8080",
                        "HEADROOM_SERVICE_HOST", "10.0.0.7",
                        "HEADROOM_PORT_8080_TCP_ADDR", "10.0.0.7"),
                URL);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.settings().orElseThrow().server().api().port()).isEqualTo(8080);
    }

    @Test
    void aFileThatIsNoYamlIsToldByItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.yaml"), "server: {port: 1\n");
        assertThat(problems("--config=" + file)).anyMatch(problem -> problem.contains("broken.yaml"));
        assertThat(problems("--config=/nope.yaml")).containsExactly("--config: cannot read the file /nope.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret: x",
                "@s3cret",
                "*s3cret",
                "!s3cret!x y",
                "'s3cret",
                "\"s3cret\\q\"",
                "[s3cret",
                "s3cret\t: y"
            })
    void aFileThatIsNoYamlIsToldByThePlaceAndNotByThePasswordThatStandsThere(String password) throws IOException {
        Path file = Files.writeString(folder.resolve("broken.yaml"), "database:\n  password: " + password + "\n");
        assertThat(problems("--config=" + file))
                .singleElement()
                .asString()
                .contains("broken.yaml: this is no YAML at line ", "column")
                .doesNotContain("s3cret");
    }

    @Test
    void valuesOfTheFileAreTakenAsWritten() throws Exception {
        Path file = Files.writeString(
                folder.resolve("settings.yaml"),
                "database: {password: 0123}\nredis: {url: ~}\nserver: {cors: {origins: [https://a.example, https://b.example]}}\n");
        ServiceSettings settings =
                load(Map.of(), URL, "--config=" + file).settings().orElseThrow();
        assertThat(settings.database().password().value()).isEqualTo("0123");
        assertThat(settings.server().cors().toString()).contains("https://a.example", "https://b.example");
    }

    @Test
    void aFileWithoutSettingsChangesNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("settings.yaml"), "# nothing yet\n");
        assertThat(load(Map.of(), URL, "--config=" + file).problems()).isEmpty();
    }

    @Test
    void aFileThatIsNoMappingIsAProblem() throws Exception {
        Path file = Files.writeString(folder.resolve("settings.yaml"), "- server\n");
        assertThat(problems("--config=" + file)).singleElement().asString().contains("not a mapping of keys");
    }

    @Test
    void argumentsThatNobodyKnowsAreWrongUsage() {
        for (String argument : new String[] {"--chek-catalogs", "serve", "--sample-scale=lots", "--sample-scale"}) {
            assertThatThrownBy(() -> CommandLine.parse(new String[] {argument}, Map.of()))
                    .isInstanceOf(CommandLine.WrongUsage.class);
        }
    }

    private static java.util.List<String> problems(String argument) {
        try {
            return load(Map.of(), URL, argument).problems();
        } catch (CommandLine.WrongUsage wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static SettingsLoader.Loaded load(Map<String, String> environment, String... arguments)
            throws CommandLine.WrongUsage {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--catalogs.enabled=statehub"))
                .toArray(String[]::new);
        return SettingsLoader.load(CommandLine.parse(all, environment), environment);
    }
}
