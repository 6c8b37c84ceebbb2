package dev.headroom.service.catalog.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.check.CatalogCheck;
import dev.headroom.service.monitor.MonitorSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plots and agents catalogs on our own tables and on tables that were there before us: the same answers. */
class BundledCatalogTest {

    @TestFactory
    Stream<DynamicTest> plotsAnswerAsTheContractSaysOnTheirOwnTables() {
        return answers("plots", BundledCatalog.migrated("plots"));
    }

    @TestFactory
    Stream<DynamicTest> plotsAnswerAsTheContractSaysOnTablesThatWereThere() {
        return answers("plots", BundledCatalog.existing("plots"));
    }

    @TestFactory
    Stream<DynamicTest> agentsAnswerAsTheContractSaysOnTheirOwnTables() {
        return answers("agents", BundledCatalog.migrated("agents"));
    }

    @TestFactory
    Stream<DynamicTest> agentsAnswerAsTheContractSaysOnTablesThatWereThere() {
        return answers("agents", BundledCatalog.existing("agents"));
    }

    private static Stream<DynamicTest> answers(String name, BundledCatalog catalog) {
        catalog.fill(name + ".sql");
        return Golden.of(name + ".golden").stream()
                .map(golden -> dynamicTest(
                        golden.request(), () -> assertThat(golden.ask(catalog)).isEqualTo(golden.answer())))
                .onClose(catalog::close);
    }

    @ParameterizedTest
    @CsvSource({"plots,true", "plots,false", "agents,true", "agents,false"})
    void everyStatementFitsTheTables(String name, boolean own) {
        try (BundledCatalog catalog = own ? BundledCatalog.migrated(name) : BundledCatalog.existing(name)) {
            assertThat(new CatalogCheck(catalog.database())
                            .check(catalog.loaded())
                            .mistakes())
                    .isEmpty();
        }
    }

    /** Tables that are called otherwise, or have other columns, are put behind views. */
    @TestFactory
    Stream<DynamicTest> plotsAnswerAsTheContractSaysOnViews() {
        BundledCatalog catalog = BundledCatalog.existing("plots");
        for (String table : List.of("languages", "libraries", "specs", "impls")) {
            catalog.execute(
                    "alter table %1$s rename to their_%1$s; create view %1$s as table their_%1$s".formatted(table));
        }
        assertThat(new CatalogCheck(catalog.database()).check(catalog.loaded()).mistakes())
                .isEmpty();
        return answers("plots", catalog);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plots", "agents"})
    void everyEndpointHasAGoldenAnswerAndEveryAnswerCostsOneStatement(String name) {
        try (BundledCatalog catalog = BundledCatalog.migrated(name).fill(name + ".sql")) {
            Set<Endpoint> asked = new HashSet<>();
            for (Golden golden : Golden.of(name + ".golden")) {
                golden.ask(catalog);
                Endpoint endpoint = catalog.lastEndpoint();
                asked.add(endpoint);
                int allowed = endpoint.source() instanceof SqlSource ? 1 : 0;
                assertThat(catalog.statements()).as(golden.request()).isEqualTo(allowed);
            }
            List<Endpoint> endpoints = catalog.loaded().endpoints().stream()
                    .filter(endpoint -> !(endpoint.source() instanceof MonitorSource))
                    .toList();
            assertThat(asked).containsExactlyInAnyOrderElementsOf(endpoints);
        }
    }

    @Test
    void theLibraryCountOfASpecificationIsThatOfItsImplementations() {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").fill("plots.sql")) {
            plots.execute("insert into impls (spec_id, library_id, language_id) values ('Zed', 'matplotlib', 'r')");

            assertThat(plots.get("/specs").orElseThrow())
                    .contains("\"id\":\"Zed\"")
                    .containsPattern("\"Zed\"[^}]*\"library_count\":2}");
        }
    }
}
