package dev.headroom.service.catalog;

import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.SampleData;
import dev.headroom.service.catalog.schema.SampleOptions;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.facets.Facets;
import dev.headroom.service.facets.FacetsSource;
import dev.headroom.service.facets.FacetsType;
import dev.headroom.service.monitor.MonitorType;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bundled catalog on a database of its own, asked as a request would ask it. */
public final class BundledCatalog implements AutoCloseable {
    private final TestPostgres.Database postgres = TestPostgres.database();
    private final String schema;
    private final Database database;
    private final LoadedCatalogs loaded;
    private Optional<Facets> facets = Optional.empty();
    private int statements;
    private Endpoint lastEndpoint;

    private BundledCatalog(String name, String schema) {
        this.schema = schema;
        this.database = new Database(DatabaseSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password()));
        CatalogSettings settings = new CatalogSettings(List.of(name), List.of(), false, Map.of(name, schema), Map.of());
        this.loaded = new CatalogLoader(settings, List.of(new FacetsType(), new MonitorType())).load();
    }

    /** On tables that the catalog's own migrations made. */
    public static BundledCatalog migrated(String name) {
        BundledCatalog catalog = new BundledCatalog(name, name);
        new SchemaMigrations(catalog.database.direct()).migrate(catalog.loaded.loaded());
        return catalog;
    }

    /** On tables that somebody else made, in schema public, without our migrations. */
    public static BundledCatalog existing(String name) {
        BundledCatalog catalog = new BundledCatalog(name, "public");
        catalog.execute(resource(name + "-existing.sql"));
        return catalog;
    }

    public static String resource(String file) {
        try (InputStream in = BundledCatalog.class.getResourceAsStream("/catalogs-golden/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public BundledCatalog fill(String file) {
        execute(resource(file));
        return this;
    }

    public BundledCatalog sample(double scale) throws SQLException {
        SampleOptions options = new SampleOptions(scale, 1, Instant.parse("2026-11-01T00:00:00Z"));
        new SampleData(database.direct()).load(loaded.loaded().getFirst(), options);
        return this;
    }

    public void execute(String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to " + schema);
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The first column of the first row. */
    public String value(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to " + schema);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** From {@code name=value} pairs. */
    public static Map<String, List<String>> queryOf(String... pairs) {
        return Requests.query(pairs);
    }

    public Database database() {
        return database;
    }

    public TestPostgres.Database postgres() {
        return postgres;
    }

    public LoadedCatalogs loaded() {
        return loaded;
    }

    public Endpoint endpoint(String path) {
        return loaded.endpoints().stream()
                .filter(endpoint -> endpoint.path().text().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** How many statements the last request ran. */
    public int statements() {
        return statements;
    }

    /** Which endpoint answered it. */
    public Endpoint lastEndpoint() {
        return lastEndpoint;
    }

    /** The answer to {@code /path?a=b&c=d}, or nothing for what would be 404. */
    public Optional<String> get(String request) {
        int mark = request.indexOf('?');
        String path = mark < 0 ? request : request.substring(0, mark);
        List<String> pairs =
                mark < 0 ? List.of() : Arrays.asList(request.substring(mark + 1).split("&", -1));
        for (Endpoint endpoint : loaded.endpoints()) {
            Map<String, String> values = Requests.match(endpoint.path(), path);
            if (values != null) {
                lastEndpoint = endpoint;
                StatementProfile profile = new StatementProfile("test");
                Optional<byte[]> answer = profile.call(() -> answer(endpoint, values, pairs));
                statements = profile.queryCount();
                return answer.map(json -> new String(json, StandardCharsets.UTF_8));
            }
        }
        throw new IllegalArgumentException("no endpoint answers " + path);
    }

    private Optional<byte[]> answer(Endpoint endpoint, Map<String, String> values, List<String> pairs) {
        Arguments arguments = endpoint.read(values, Requests.query(pairs.toArray(String[]::new)));
        if (endpoint.source() instanceof FacetsSource source) {
            List<Map.Entry<String, String>> query = new ArrayList<>();
            pairs.forEach(pair ->
                    query.add(Map.entry(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1))));
            return Optional.of(
                    facets(endpoint, source).request(query, arguments).answer().toBytes());
        }
        var query = ((SqlSource) endpoint.source()).query(endpoint.name(), arguments);
        return switch (endpoint.answer()) {
            case LIST -> Optional.of(database.list(query));
            case OBJECT -> database.object(query);
            case DOCUMENT -> database.document(query);
        };
    }

    private Facets facets(Endpoint endpoint, FacetsSource source) {
        if (facets.isEmpty()) {
            facets = Optional.of(new Facets(endpoint.name(), source, database));
        }
        return facets.get();
    }

    @Override
    public void close() {
        facets.ifPresent(Facets::close);
        database.close();
        postgres.close();
    }
}
