package dev.headroom.service.cache;

import dev.headroom.service.metrics.Exposition;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** What the cache counted, for the metrics page: every counter is there from the start, so that rates have a beginning. */
public final class CacheFamilies implements Consumer<Exposition> {
    private final Caching caching;

    public CacheFamilies(Caching caching) {
        this.caching = caching;
    }

    @Override
    public void accept(Exposition out) {
        Map<String, EndpointCounts> routes = caching.metrics().endpoints();
        out.counter("cache_requests_total", "Requests for answers that may be kept, by where the answer came from.");
        routes.forEach((route, counts) -> {
            for (Served.How how : Served.How.values()) {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put("route", route);
                labels.put("result", how.name().toLowerCase(Locale.ROOT));
                out.sample(labels, (double) counts.served(how));
            }
        });
        out.counter(
                "cache_body_bytes_total",
                "Bytes of the bodies that were sent, compressed where they were; a 304 and the answer to a HEAD have none.");
        each(out, routes, counts -> counts.bytes().sum());
        out.counter("cache_computations_total", "Answers that were computed, for requests and for refreshes.");
        each(out, routes, counts -> counts.computations().sum());
        out.counter("cache_computation_failures_total", "Computations that failed.");
        each(out, routes, counts -> counts.failures().sum());
        out.counter("cache_refreshes_total", "Refreshes in the background, while a stale answer was served.");
        each(out, routes, counts -> counts.refreshes().sum());
        out.counter("cache_lease_waits_total", "Times that a request waited for another instance's computation.");
        each(out, routes, counts -> counts.leaseWaits().sum());
        out.counter(
                "cache_ended_answers_total",
                "Answers that changes had ended, or what may have passed unheard, when they were asked for again.");
        each(out, routes, counts -> counts.invalidations().sum());
        totals(out, caching.metrics());
        state(out);
    }

    private static void each(Exposition out, Map<String, EndpointCounts> routes, ToLongFunction<EndpointCounts> count) {
        routes.forEach((route, counts) -> out.sample(Map.of("route", route), (double) count.applyAsLong(counts)));
    }

    private static void totals(Exposition out, CacheMetrics metrics) {
        out.counter("cache_invalidations_total", "Changes of tables that the service was notified of.")
                .sample((double) metrics.invalidations().sum());
        out.counter("cache_shared_errors_total", "Steps that Redis did not do.")
                .sample((double) metrics.sharedErrors().sum());
    }

    private void state(Exposition out) {
        out.gauge("cache_local_bytes", "What is kept in process.").sample((double) caching.localBytes());
        out.gauge("cache_local_entries", "Answers that are kept in process.").sample((double) caching.localEntries());
        out.gauge(
                        "cache_shared_up",
                        "1 while Redis does what it is asked, if only reading because it is full; 0 while it does not answer in time or refuses, and where there is none.")
                .sample(caching.sharedAvailable() ? 1 : 0);
        if (caching.followsChanges()) { // otherwise it would be 0 for ever, which is an alert
            out.gauge(
                            "cache_hears_changes",
                            "1 while the service receives the changes of the tables; 0: answers are fresh for cache.blind-fresh at most.")
                    .sample(caching.hearing().hearsChanges() ? 1 : 0);
        }
    }
}
