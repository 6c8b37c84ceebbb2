package dev.headroom.service;

import dev.headroom.service.answers.CachedEndpoints;
import dev.headroom.service.answers.SourceAnswers;
import dev.headroom.service.answers.Targets;
import dev.headroom.service.cache.CacheFamilies;
import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.service.catalog.check.CheckReport;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.StatementDescription.Column;
import dev.headroom.service.documents.AbsentRoots;
import dev.headroom.service.documents.DocumentAnswers;
import dev.headroom.service.http.Api;
import dev.headroom.service.http.Health;
import dev.headroom.service.http.admin.Admin;
import dev.headroom.service.http.admin.MetricsPage;
import dev.headroom.service.http.admin.SlowestPage;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.http.openapi.OpenApi;
import dev.headroom.service.http.openapi.OpenApiRoute;
import dev.headroom.service.http.pages.Pages;
import dev.headroom.service.logging.Counted;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The running service: what is wired to what, and the order in which it starts and stops. */
public final class Service implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    private final ServiceSettings settings;
    private final LoadedCatalogs catalogs;
    private final Health health = new Health();
    private final Database database;
    private final CachedEndpoints cached;
    private final Targets targets;
    private final OpenApiRoute openApi;
    private final Api api;
    private final Admin admin;

    /** Reads the catalogs; a mistake that shows without the database ends here. */
    public Service(ServiceSettings settings) throws BrokenCatalogs {
        this.settings = settings;
        this.catalogs = new CatalogLoader(settings.catalogs(), sources()).load();
        refuse(catalogs.mistakes());
        this.database = new Database(settings.database());
        this.cached = new CachedEndpoints(
                settings.cache(),
                database,
                new SourceAnswers(
                        database, new DocumentAnswers(database, settings.documents(), InstantSource.system())),
                ServiceMain.version());
        this.targets = new Targets(database, cached::figures, cached::target);
        this.openApi = new OpenApiRoute(describe(Map.of()));
        this.api = new Api(settings.server(), settings.profile(), routes(), health);
        this.admin = new Admin(
                settings.server(),
                health,
                new MetricsPage(
                        api,
                        database,
                        new CacheFamilies(cached.caching()).andThen(targets.families()),
                        ServiceMain.version()),
                new SlowestPage(api.slowest(), database.slowStatements()),
                api.metrics()::refused);
    }

    /** The kinds of source beside statements that an entry can name. */
    static List<SourceType> sources() {
        return Targets.types();
    }

    private Map<String, Object> describe(Map<String, List<Column>> columns) {
        return OpenApi.describe(catalogs.catalogs(), columns, cached::keeps, ServiceMain.version());
    }

    /** A catalog may take the path of a page of ours; then the page is not served. */
    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Catalog catalog : catalogs.catalogs()) {
            for (Endpoint endpoint : catalog.endpoints()) {
                taken.add(endpoint.path().shape());
                routes.add(new Route(endpoint.path(), List.of(Reply.JSON), true, targets.of(catalog, endpoint)));
            }
        }
        List<Route> pages = new ArrayList<>(Pages.routes(catalogs.catalogs(), ServiceMain.version()));
        pages.addAll(openApi.routes());
        pages.stream().filter(page -> taken.add(page.pattern().shape())).forEach(routes::add);
        return routes;
    }

    /** Listens at once, says "starting" until the database was asked, then serves. */
    public void start() throws IOException, SQLException, BrokenCatalogs, InterruptedException {
        admin.start();
        api.start();
        CheckReport report = new Opening(database, catalogs, settings).open();
        refuse(report.mistakes());
        AbsentRoots.tell(settings.documents()); // not before: sample data may have made them
        openApi.replace(describe(report.columns()));
        cached.begin(report, settings.database().url());
        targets.start();
        cached.listen(settings.catalogs().migrate() ? catalogs.loaded() : List.of(), targets.whenChanged());
        cached.prewarm();
        health.serve();
        LOG.log(
                System.Logger.Level.INFO,
                "serving {0} of {1}: API at {2}, health and metrics at {3}",
                new Counted(catalogs.endpoints().size(), "endpoint"),
                catalogs.catalogs().stream().map(Catalog::name).toList(),
                settings.server().api().url(api.port()),
                settings.server().admin().url(admin.port()));
    }

    private static void refuse(List<Mistake> mistakes) throws BrokenCatalogs {
        if (!mistakes.isEmpty()) {
            throw new BrokenCatalogs(mistakes);
        }
    }

    public int port() {
        return api.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /** Whether everything that is written to the tables of kept answers is heard of at present. */
    public boolean hears() {
        return cached.caching().hearing().hearsChanges();
    }

    public Database database() {
        return database;
    }

    @Override
    public void close() {
        health.stop();
        boolean finished = api.stop(settings.server().stopping());
        admin.stop();
        targets.close();
        cached.close();
        database.close();
        LOG.log(
                System.Logger.Level.INFO,
                finished ? "stopped; every request was finished" : "stopped; server.shutdown-grace cut off requests");
    }
}
