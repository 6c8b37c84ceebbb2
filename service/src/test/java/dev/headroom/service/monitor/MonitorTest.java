package dev.headroom.service.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.BundledCatalog;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class MonitorTest {

    @Test
    @SuppressWarnings("unchecked")
    void theDatabaseReportHoldsWhatTheServerAndThePoolSay() throws SQLException {
        try (BundledCatalog agents = BundledCatalog.migrated("agents").sample(0.01)) {
            for (int i = 0; i < 7; i++) {
                agents.get("/api/agents/name/orchestrator");
            }
            Monitor monitor = new Monitor(agents.database(), () -> CacheFigures.NO_CACHE);

            Map<String, Object> report = monitor.report(new MonitorSource(MonitorSource.Report.DATABASE), "agents");

            assertThat(report)
                    .containsOnlyKeys("connection_pool", "index_usage", "table_sizes", "slow_queries", "nfr_target");
            Map<String, Object> pool = (Map<String, Object>) report.get("connection_pool");
            assertThat(pool)
                    .containsEntry("pool_size", 10)
                    .containsEntry("overflow", 0)
                    .containsEntry("checked_out", 0)
                    .containsEntry("total_connections", pool.get("checked_in"));
            List<Map<String, Object>> indexes = (List<Map<String, Object>>) report.get("index_usage");
            assertThat(indexes)
                    .hasSizeLessThanOrEqualTo(20)
                    .first()
                    .satisfies(index -> assertThat(index)
                            .containsOnlyKeys("table", "index", "scans", "tuples_read", "tuples_fetched"));
            assertThat(indexes).extracting(index -> index.get("index")).contains("agents_name_key");
            List<Map<String, Object>> tables = (List<Map<String, Object>>) report.get("table_sizes");
            assertThat(tables).extracting(table -> table.get("table")).contains("agents", "messages", "workflows");
            assertThat(tables)
                    .extracting(table -> (Long) table.get("size_bytes"))
                    .isSortedAccordingTo((one, other) -> Long.compare(other, one));
        }
    }

    @Test
    void withoutACacheTheCacheReportSaysSo() {
        Monitor monitor = new Monitor(null, () -> CacheFigures.NO_CACHE);

        assertThat(monitor.report(new MonitorSource(MonitorSource.Report.CACHE), "agents")
                        .toString())
                .isEqualTo(
                        "{cache_metrics={enabled=false, hits=0, misses=0, sets=0, deletes=0, errors=0, total_reads=0,"
                                + " hit_rate_percent=0.0, redis_connected=false, hears_changes=false, tables_without_trigger=[]},"
                                + " nfr_target=60%+ reduction in repeated database queries, endpoints={}}");
    }

    @Test
    void hitsAreAShareOfAllReads() {
        var routes = List.of(
                new CacheFigures.Route("/a", 2, 1, 0, 0, 0, 1, 0, 0, 0, 10),
                new CacheFigures.Route("/b", 0, 0, 1, 1, 0, 0, 1, 0, 0, 0));
        assertThat(new CacheFigures(true, true, true, List.of(), 1, 0, 0, routes).keys())
                .containsEntry("hits", 2L)
                .containsEntry("misses", 1L)
                .containsEntry("hit_rate_percent", 66.67);
    }

    @Test
    void sizesReadAsPostgresWritesThem() throws SQLException {
        try (BundledCatalog agents = BundledCatalog.migrated("agents")) {
            for (int i = 0; i < 300; i++) {
                long bytes = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE)
                        >> ThreadLocalRandom.current().nextInt(62);
                assertThat(ByteSize.pretty(bytes))
                        .isEqualTo(agents.value("select pg_size_pretty(" + bytes + "::bigint)"));
            }
        }
    }
}
