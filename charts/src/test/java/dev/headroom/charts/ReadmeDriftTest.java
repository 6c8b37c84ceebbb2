package dev.headroom.charts;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The README of a chart has the table of its values, from values.yaml. */
class ReadmeDriftTest {

    private static final String BEGIN = "<!-- values.yaml, by `make charts` -->\n";
    private static final String END = "<!-- end of values.yaml -->\n";

    @ParameterizedTest
    @EnumSource
    void theTableOfValuesIsWhatValuesYamlSays(Chart chart) throws IOException {
        Path file = chart.folder.resolve("README.md");
        String readme = chart.text("README.md");
        StringBuilder table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
        for (ValuesFile.Value value : ValuesFile.of(chart).values()) {
            table.append("| `%s` | `%s` | %s |\n"
                    .formatted(value.path(), value.standard(), value.meaning().replace("|", "\\|")));
        }

        GeneratedFile.check(
                file,
                readme.substring(0, readme.indexOf(BEGIN) + BEGIN.length())
                        + table
                        + readme.substring(readme.indexOf(END)));
    }
}
