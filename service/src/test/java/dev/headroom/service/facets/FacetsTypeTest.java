package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.load.Catalogs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacetsTypeTest {
    @TempDir
    Path folder;

    @Test
    void aTimeThatWouldAskWithoutAPauseOrBuildWithoutAnEndIsAMistakeAtItsLine() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /items/filter:
                            answer: document
                            parameters: {kind: {type: text, list: true}}
                            facets:
                              rows: items.sql
                              categories: [kind]
                              check: 0s
                              refresh: PT-5S
                              build-timeout: 1ms
                              wait: 50ms
                        """).with("items.sql", "select item, kind from {items}");
        assertThat(new Catalogs(folder).mistakes(new FacetsType()))
                .containsExactly(
                        "catalog.yaml:9: 'check' is too short (at least 50ms)",
                        "catalog.yaml:10: 'refresh' is too short (at least 50ms)",
                        "catalog.yaml:11: 'build-timeout' is too short (at least 50ms)");
    }

    @Test
    void aSnapshotIsOfEverything() {
        new Catalogs(folder)
                .with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /items/filter:
                            answer: document
                            parameters: {kind: {type: text, list: true}}
                            facets:
                              rows: items.sql
                              changed: changed.sql
                              categories: [kind]
                        """)
                .with("items.sql", "select item, kind from {items} where kind = any(:kind)")
                .with("changed.sql", "select 1 where {{filters}}");
        assertThat(new Catalogs(folder).mistakes(new FacetsType()))
                .containsExactly(
                        "catalog.yaml:7: this statement takes no parameters, filters or order"
                                + " (select everything; the categories filter it)",
                        "catalog.yaml:8: this statement takes no parameters, filters or order"
                                + " (select everything; the categories filter it)");
    }
}
