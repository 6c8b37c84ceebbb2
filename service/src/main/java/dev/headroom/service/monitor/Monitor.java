package dev.headroom.service.monitor;

import dev.headroom.insight.IndexUsage;
import dev.headroom.insight.TableSize;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.database.profile.SlowStatement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collects the figures: ours from the pool and the statements we ran, the database's from its statistics. */
public final class Monitor {
    private static final int INDEXES = 20;
    private static final int SLOW = 20;

    private final Database database;
    private final Supplier<CacheFigures> cache;

    public Monitor(Database database, Supplier<CacheFigures> cache) {
        this.database = database;
        this.cache = cache;
    }

    /** A report as nested maps and lists, in the order of their keys; {@code schema} is that of the catalog. */
    public Map<String, Object> report(MonitorSource source, String schema) {
        return switch (source.report()) {
            case DATABASE -> database(schema);
            case CACHE -> cache();
        };
    }

    private Map<String, Object> cache() {
        Map<String, Object> report = new LinkedHashMap<>();
        CacheFigures figures = cache.get();
        report.put("cache_metrics", figures.keys());
        report.put("nfr_target", "60%+ reduction in repeated database queries");
        report.put("endpoints", figures.endpoints());
        return report;
    }

    private Map<String, Object> database(String schema) {
        // Before we take a connection ourselves: the figures are those of everybody else.
        PoolGauges gauges = database.pool().gauges();
        List<String> schemas = List.of(schema);
        List<IndexUsage> indexes =
                database.reading("monitor.indexes", connection -> IndexUsage.mostScanned(connection, schemas, INDEXES));
        List<TableSize> tables = database.reading("monitor.tables", connection -> TableSize.of(connection, schemas));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("connection_pool", pool(gauges));
        report.put("index_usage", indexes.stream().map(Monitor::index).toList());
        report.put("table_sizes", tables.stream().map(Monitor::table).toList());
        report.put(
                "slow_queries",
                database.slowStatements().slowest(SLOW).stream()
                        .map(Monitor::slow)
                        .toList());
        report.put("nfr_target", "< 100ms per query (95th percentile)");
        return report;
    }

    /** The pool has one bound and no room beyond it, so the overflow is always zero. */
    private static Map<String, Object> pool(PoolGauges gauges) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("pool_size", gauges.max());
        keys.put("checked_in", gauges.idle());
        keys.put("checked_out", gauges.active());
        keys.put("overflow", 0);
        keys.put("total_connections", gauges.total());
        keys.put("waiting", gauges.pending());
        return keys;
    }

    private static Map<String, Object> index(IndexUsage usage) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("table", usage.table().name());
        keys.put("index", usage.index().name());
        keys.put("scans", usage.scans());
        keys.put("tuples_read", usage.tuplesRead());
        keys.put("tuples_fetched", usage.tuplesFetched());
        return keys;
    }

    private static Map<String, Object> table(TableSize size) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("table", size.table().name());
        keys.put("size", ByteSize.pretty(size.totalBytes()));
        keys.put("size_bytes", size.totalBytes());
        keys.put("index_bytes", size.indexBytes());
        keys.put("rows_estimate", size.rows());
        return keys;
    }

    private static Map<String, Object> slow(SlowStatement statement) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("at", statement.at().toString());
        keys.put("statement", statement.statement());
        keys.put("took_ms", statement.took().toNanos() / 1e6);
        keys.put("waited_ms", statement.waited().toNanos() / 1e6);
        keys.put("route", statement.route());
        return keys;
    }
}
