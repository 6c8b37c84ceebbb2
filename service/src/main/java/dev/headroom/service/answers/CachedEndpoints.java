package dev.headroom.service.answers;

import dev.headroom.service.cache.CacheSettings;
import dev.headroom.service.cache.Caching;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.check.CheckReport;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.catalog.schema.ChangeNotices;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.documents.DocumentsSource;
import dev.headroom.service.http.endpoint.CachedTarget;
import dev.headroom.service.http.endpoint.EndpointTarget;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.monitor.CacheFigures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The endpoints whose answers are kept, with what runs for all of them: the cache, the look at tables, prewarming. */
public final class CachedEndpoints implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CachedEndpoints.class.getName());

    /** The same for every instance on a database, whatever it calls the server; and for no other database. */
    private static final String IDENTITY =
            "select system_identifier || '/' || current_database() from pg_control_system()";

    private final CacheSettings settings;
    private final Database database;
    private final EndpointTarget.Answers answers;
    private final Caching caching;
    private final EndpointTables tables;
    private final Provenance provenance;
    private final List<CachedEndpoint> cached = new ArrayList<>();
    private volatile @Nullable ChangeWatch watch;
    private volatile @Nullable Prewarming prewarming;

    public CachedEndpoints(CacheSettings settings, Database database, EndpointTarget.Answers answers, String product) {
        this.settings = settings;
        this.database = database;
        this.answers = answers;
        this.caching = Caching.open(settings);
        this.tables = new EndpointTables(database);
        this.provenance = new Provenance(product, settings.changes(), tables);
    }

    /** What answers the endpoint: from the cache where its policy wants that, from its source otherwise. */
    public Route.Target target(Endpoint endpoint) {
        CachePolicy policy = policy(endpoint);
        if (policy == null || !keeps(endpoint)) {
            return new EndpointTarget(endpoint, answers);
        }
        CachedEndpoint one = kept(endpoint, policy);
        cached.add(one);
        return new CachedTarget(endpoint, policy, one, settings.clientsMayRenew());
    }

    CachedEndpoint kept(Endpoint endpoint, CachePolicy policy) {
        return new CachedEndpoint(
                endpoint,
                policy,
                provenance,
                this::computeKept,
                caching.results(),
                caching.metrics().of(endpoint.path().text()));
    }

    /** A replica may not have yet what we heard of already, so what is kept comes from the primary. */
    private Optional<byte[]> computeKept(Endpoint endpoint, Arguments arguments) {
        return settings.changes()
                ? database.onPrimary(() -> answers.answer(endpoint, arguments))
                : answers.answer(endpoint, arguments);
    }

    /** Whether answers of this endpoint are kept; facets and figures have their own ways. */
    public boolean keeps(Endpoint endpoint) {
        CachePolicy policy = policy(endpoint);
        return settings.enabled()
                && policy != null
                && policy.scope() != CachePolicy.Scope.NONE
                && !policy.fresh().isZero()
                && (endpoint.source() instanceof SqlSource || endpoint.source() instanceof DocumentsSource);
    }

    /** Files are those of this instance, and so is what is made of them. */
    private static @Nullable CachePolicy policy(Endpoint endpoint) {
        CachePolicy policy = endpoint.cache();
        return policy != null && endpoint.source() instanceof DocumentsSource
                ? policy.within(CachePolicy.Scope.LOCAL)
                : policy;
    }

    /** Begins once the database was reached and every statement was prepared. */
    public void begin(CheckReport report, String databaseUrl) {
        provenance.columnsAre(report.columns());
        caching.begin(identity(databaseUrl));
    }

    private String identity(String databaseUrl) {
        if (!caching.sharedConfigured()) {
            return "";
        }
        try (Connection connection = database.direct().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(IDENTITY)) {
            row.next();
            return row.getString(1);
        } catch (SQLException refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "database.user cannot read the identifier of the database ({0}); the keys in Redis begin with its URL"
                            + " instead, so every instance needs the same database.url",
                    PostgresConnector.messageOf(refused));
            return databaseUrl.replaceFirst("\\?.*", "");
        }
    }

    /**
     * Listens for changes from now on, where the settings want that.
     *
     * @param ours catalogs whose tables our migrations made
     * @param others what else is to be done when the rows of an endpoint change
     */
    public void listen(List<LoadedCatalog> ours, Map<Endpoint, Runnable> others) {
        listen(ours, others, ChangeWatch.AGAIN);
    }

    /** @param again how often it is looked whether the tables are still the ones that are read, and tell */
    void listen(List<LoadedCatalog> ours, Map<Endpoint, Runnable> others, Duration again) {
        if (settings.enabled() && settings.changes()) {
            List<Endpoint> endpoints =
                    cached.stream().map(CachedEndpoint::endpoint).toList();
            var watching = new ChangeWatch(
                    database,
                    tables,
                    endpoints,
                    others,
                    new ChangeNotices(ours, settings.tablesWithoutTrigger()),
                    caching.hearing(),
                    again);
            watching.start();
            watch = watching;
        }
    }

    /** Has the answers computed that ask for it; returns when they are there, or when the settings' patience ends. */
    public void prewarm() throws InterruptedException {
        var warming = new Prewarming(cached, settings.changes() ? Optional.of(caching.hearing()) : Optional.empty());
        prewarming = warming;
        warming.start(settings.prewarmPatience());
    }

    public Caching caching() {
        return caching;
    }

    public CacheFigures figures() {
        ChangeWatch watching = watch;
        return CacheReport.figures(settings.enabled(), caching, watching == null ? Set.of() : watching.silentTables());
    }

    @Override
    public void close() {
        Prewarming warming = prewarming;
        if (warming != null) {
            warming.stop();
        }
        ChangeWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        caching.close();
    }
}
