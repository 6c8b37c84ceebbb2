package dev.headroom.service.answers;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.service.database.Database;
import dev.headroom.service.documents.DocumentsSourceType;
import dev.headroom.service.facets.FacetAnswer;
import dev.headroom.service.facets.FacetFamilies;
import dev.headroom.service.facets.FacetRequest;
import dev.headroom.service.facets.Facets;
import dev.headroom.service.facets.FacetsSource;
import dev.headroom.service.facets.FacetsType;
import dev.headroom.service.http.endpoint.EtagReply;
import dev.headroom.service.http.endpoint.LiveReply;
import dev.headroom.service.http.exchange.Json;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.metrics.Exposition;
import dev.headroom.service.monitor.CacheFigures;
import dev.headroom.service.monitor.Monitor;
import dev.headroom.service.monitor.MonitorSource;
import dev.headroom.service.monitor.MonitorType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What computes an endpoint's answers, by the kind of its source. */
public final class Targets implements AutoCloseable {
    private final Database database;
    private final Function<Endpoint, Route.Target> others;
    private final Monitor monitor;
    private final Map<Endpoint, Facets> facets = new LinkedHashMap<>();

    /** @param others what answers an endpoint whose source is none of those that are known here */
    public Targets(Database database, Supplier<CacheFigures> cache, Function<Endpoint, Route.Target> others) {
        this.database = database;
        this.others = others;
        this.monitor = new Monitor(database, cache);
    }

    /** The kinds of source beside statements that an entry can name. */
    public static List<SourceType> types() {
        return List.of(new DocumentsSourceType(), new FacetsType(), new MonitorType());
    }

    public Route.Target of(Catalog catalog, Endpoint endpoint) {
        return switch (endpoint.source()) {
            case FacetsSource source -> facets(endpoint, source);
            case MonitorSource source ->
                call -> LiveReply.json(
                        call,
                        Json.write(monitor.report(source, catalog.schema())).getBytes(StandardCharsets.UTF_8));
            default -> others.apply(endpoint);
        };
    }

    private Route.Target facets(Endpoint endpoint, FacetsSource source) {
        Facets built = new Facets(endpoint.name(), source, database);
        facets.put(endpoint, built);
        EtagReply reply =
                new EtagReply(source.policy().maxAge(), source.policy().staleWhileRevalidate());
        return call -> {
            FacetRequest request = built.request(call.queryPairs(), endpoint.read(call.pathParameters(), call.query()));
            return reply.of(call, request.tag(), () -> {
                FacetAnswer answer = request.answer();
                return new EtagReply.Body(answer.length(), answer::toBytes, answer::writeTo, answer::writeGzipTo);
            });
        };
    }

    /** Builds everything that requests would wait for; called once the tables are there. */
    public void start() {
        facets.values().forEach(Facets::start);
    }

    /** How what is not asked for at each request is, for the metrics page. */
    public Consumer<Exposition> families() {
        Map<String, Facets> routes = new LinkedHashMap<>();
        facets.forEach((endpoint, built) -> routes.put(endpoint.path().text(), built));
        return new FacetFamilies(routes);
    }

    /** What is to be done when the rows behind an endpoint change. */
    public Map<Endpoint, Runnable> whenChanged() {
        Map<Endpoint, Runnable> all = new LinkedHashMap<>();
        facets.forEach((endpoint, built) -> all.put(endpoint, built::invalidate));
        return all;
    }

    @Override
    public void close() {
        facets.values().forEach(Facets::close);
    }
}
