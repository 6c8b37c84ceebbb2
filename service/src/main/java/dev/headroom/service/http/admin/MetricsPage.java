package dev.headroom.service.http.admin;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.profile.PoolGauges;
import dev.headroom.service.database.profile.StatementMetrics;
import dev.headroom.service.http.Api;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.seen.RequestMetrics;
import dev.headroom.service.metrics.Exposition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the operator and Prometheus scrape: the names are a contract, docs/contract/metrics.txt is its sample. Reading it
 * touches counters only, so it answers also while the database does not.
 */
public final class MetricsPage implements Supplier<Reply> {
    private static final Comparator<RequestMetrics.Series> ORDER = Comparator.comparing(RequestMetrics.Series::route)
            .thenComparing(RequestMetrics.Series::method)
            .thenComparingInt(RequestMetrics.Series::status);

    private static final int OUTSIDE_POOL = 2;

    private final Api api;
    private final Database database;
    private final Consumer<Exposition> cache;
    private final ProcessMetrics process;

    /** @param version of the program */
    public MetricsPage(Api api, Database database, Consumer<Exposition> cache, String version) {
        this.api = api;
        this.database = database;
        this.cache = cache;
        this.process = new ProcessMetrics(version);
    }

    @Override
    public Reply get() {
        Exposition out = new Exposition();
        requests(out);
        statements(out, database.metrics().snapshot());
        pool(out, "db_client_connections", database.pool().gauges());
        out.gauge(
                        "db_client_connections_outside_pool",
                        "Connections that this instance may hold beside the pool: it listens for changes, and probes a server that was away.")
                .sample(OUTSIDE_POOL);
        database.poolGeneration()
                .ifPresent(generation -> out.gauge(
                                "db_client_connections_generation",
                                "Generation of the published pool size that is in force.")
                        .sample(generation));
        database.replicaPool().ifPresent(replica -> {
            pool(out, "db_client_replica_connections", replica.gauges());
            out.gauge("db_client_replica_in_use", "1 while reads go to the replica, 0 while they go to the primary.")
                    .sample(database.replicaInUse() ? 1 : 0);
        });
        cache.accept(out);
        process.write(out);
        return Reply.of(200, Exposition.CONTENT_TYPE, out.bytes());
    }

    private void requests(Exposition out) {
        out.histogram(
                "http_server_request_duration_seconds", "Time from a request's arrival until its answer was ready.");
        api.metrics().durations().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ORDER))
                .forEach(entry ->
                        out.samples(labels(entry.getKey()), entry.getValue().snapshot()));
        out.gauge("http_server_active_requests", "Requests that are here now, those that wait for a place included.")
                .sample(api.metrics().active());
        out.gauge("http_server_connections", "Connections of clients that are open.")
                .sample(api.connections());
        out.counter(
                        "http_server_at_once_requests_total",
                        "Requests that had come before, byte for byte, and were answered as they were read.")
                .sample((double) api.metrics().atOnce());
        out.counter(
                "http_server_refused_requests_total",
                "Requests refused before they were understood, being no HTTP/1.1 or larger than allowed; not among the durations.");
        api.metrics()
                .refused()
                .forEach((status, times) -> out.sample(Map.of("status", status.toString()), (double) times.sum()));
        out.gauge("http_server_queued_requests", "Requests that wait for their turn at the database.")
                .sample(database.queued());
        out.counter("http_server_shed_requests_total", "Requests turned away with 503 because too many waited.")
                .sample((double) api.shed());
    }

    private static Map<String, String> labels(RequestMetrics.Series series) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("route", series.route());
        labels.put("method", series.method());
        labels.put("status", Integer.toString(series.status()));
        return labels;
    }

    private static void statements(Exposition out, StatementMetrics.Snapshot metrics) {
        out.histogram(
                "db_client_operation_duration_seconds",
                "Time a statement took until its first rows, without the wait for a connection.");
        metrics.operations().forEach((name, durations) -> out.samples(Map.of("statement", name), durations));
        out.histogram("db_client_connection_wait_seconds", "Time a statement waited for a connection of the pool.")
                .samples(Map.of(), metrics.waits());
        out.histogram(
                        "db_client_connection_hold_seconds",
                        "Time for which a connection was in use: its statements, and reading their rows.")
                .samples(Map.of(), metrics.holds());
        out.counter("db_client_operation_failures_total", "Statements that failed, by kind of failure.");
        metrics.failures().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> {
                    Map<String, String> labels = new LinkedHashMap<>();
                    labels.put("statement", entry.getKey().statement());
                    labels.put("kind", entry.getKey().kind());
                    out.sample(labels, entry.getValue().doubleValue());
                });
    }

    private static void pool(Exposition out, String family, PoolGauges gauges) {
        out.gauge(family + "_max", "Connections that the pool may hold: the size in force.")
                .sample(gauges.max());
        out.gauge(family + "_active", "Connections in use.").sample(gauges.active());
        out.gauge(family + "_idle", "Connections that are open and free.").sample(gauges.idle());
        out.gauge(family + "_pending", "Statements that wait for a connection.").sample(gauges.pending());
    }
}
