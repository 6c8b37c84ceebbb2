package dev.headroom.service.catalog.statehub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.StatehubDatabase;
import dev.headroom.service.catalog.check.CatalogCheck;
import org.junit.jupiter.api.Test;

class StatehubCatalogTest {

    @Test
    void theBundledCatalogHasNoMistakes() {
        try (var statehub = new StatehubDatabase()) {
            var report = new CatalogCheck(statehub.database()).check(statehub.loaded());
            assertThat(report.text()).isEqualTo("catalogs: 13 endpoints, no mistakes");
        }
    }
}
