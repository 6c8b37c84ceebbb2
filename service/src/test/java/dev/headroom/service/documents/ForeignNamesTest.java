package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of files outside of the process's character set. That is chosen when a JVM starts, so each gets one of its own. */
class ForeignNamesTest {
    @TempDir
    Path root;

    @Test
    void aNameThatTheProcessCannotWriteIsAnErrorInTheAnswerAndNotItsEnd() throws Exception {
        for (String name : List.of("plain.md", "\u00fcbung.md", "\u00e4rger/inner.md")) {
            Path file = root.resolve("repo").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "---\ntype: workplan\nid: " + name + "\n---\n");
        }

        assertThat(scannedUnder("C.UTF-8"))
                .contains("plain.md", "\u00fcbung.md", "inner.md", "\"errors\":[]")
                .contains("settings: []", "sample: true");
        assertThat(scannedUnder("C"))
                .contains("\"plain.md\":{")
                .contains(
                        "\"message\":\"has a name that this process cannot write: start the service with LC_ALL=C.UTF-8\"")
                .contains("\"message\":\"the local path has a name that this process cannot write: start")
                .contains("settings: [documents.roots: ", "cannot write: start the service with LC_ALL=C.UTF-8]")
                .contains("sample: false");
    }

    private String scannedUnder(String locale) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ForeignNamesTest.class.getName(),
                root.toString());
        builder.environment().put("LC_ALL", locale);
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Prints what a scan answers. */
    public static void main(String[] arguments) {
        Path root = Path.of(arguments[0]);
        DocumentShape shape = new DocumentShape(
                "documents",
                ".md",
                Set.of(),
                "type",
                "workplan",
                "id",
                Map.of("id", "id"),
                "repo",
                "path",
                Optional.empty());
        Repository foreign = new Repository("foreign", root + "/\u00fcber");
        DocumentScan.Result result = new DocumentScan(shape, DocumentsSettings.of(root), InstantSource.system())
                .scan(List.of(new Repository("repo", root.resolve("repo").toString()), foreign));
        System.out.writeBytes(DocumentsJson.of(shape, result));
        SettingsProblems problems = new SettingsProblems();
        DocumentsSettings.from(
                Config.just(ConfigSources.create(Map.of("documents.roots", foreign.localPath()))), problems);
        System.out.println("settings: " + problems.all());
        System.out.println("sample: " + SampleDocuments.isNew(foreign, root));
        System.out.flush();
    }
}
