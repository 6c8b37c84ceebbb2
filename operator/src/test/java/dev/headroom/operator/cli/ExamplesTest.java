package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.Mode;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExamplesTest {

    @ParameterizedTest
    @CsvSource({"statehub, 8", "plots, 6", "agents, 16"})
    void anExampleIsValid_declaresWhatTheCatalogAsksFor_andOnlyObserves(String catalog, int indexes) {
        DbPerformance example = ResourceFile.read(Path.of("../examples/" + catalog + ".yaml"))
                .resources()
                .getFirst();
        assertThat(example.getSpec().indexes().declared()).hasSize(indexes);
        assertThat(example.getSpec().mode()).isEqualTo(Mode.OBSERVE);
        assertThat(example.getSpec().database().schemas()).containsExactly(catalog);
    }
}
