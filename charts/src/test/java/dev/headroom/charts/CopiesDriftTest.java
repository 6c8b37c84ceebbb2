package dev.headroom.charts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files of a chart that are copies, because Helm packs nothing from outside of a chart's folder. */
class CopiesDriftTest {

    @Test
    void theOperatorsChartHasTheDefinitionOfCrds() throws IOException {
        String file = "dbperformances.headroom.dev.yaml";
        GeneratedFile.check(
                Chart.OPERATOR.folder.resolve("files").resolve(file), Files.readString(Path.of("../crds", file)));
    }

    @Test
    void templatesOfBothChartsAreTheSame() throws IOException {
        GeneratedFile.check(
                Chart.SERVICE.folder.resolve("templates/_common.tpl"), Chart.OPERATOR.text("templates/_common.tpl"));
    }
}
