package dev.headroom.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the charts are rendered to, committed: a change of a template shows as a change of manifests. */
class GoldenDriftTest {

    static Stream<Chart.Example> examples() {
        return Chart.examples().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void manifestsAreAsCommitted(Chart.Example example) throws IOException {
        GeneratedFile.check(example.golden(), withoutDefinition(example.render().text()));
    }

    @Test
    void noManifestIsLeftOver() {
        try (Stream<Path> files = Files.walk(Path.of("src/test/golden"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .containsExactlyInAnyOrderElementsOf(
                            Chart.examples().stream().map(Chart.Example::golden).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The CustomResourceDefinition has a file of its own; two thousand lines of it in each manifest would hide the rest. */
    private static String withoutDefinition(String text) {
        return Stream.of(text.split("(?m)^---\n"))
                .map(document -> document.contains("kind: CustomResourceDefinition")
                        ? document.replaceFirst("(?s)\nspec:\n.*", "\nspec: {} # see crds/\n")
                        : document)
                .reduce((one, next) -> one + "---\n" + next)
                .orElse("");
    }
}
