package dev.headroom.service.catalog;

import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.documents.DocumentsSourceType;
import dev.headroom.testkit.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The bundled statehub catalog on a fresh database, asked as a request would ask it. */
public final class StatehubDatabase implements AutoCloseable {
    private final TestPostgres.Database postgres = TestPostgres.database();
    private final Database database =
            new Database(DatabaseSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password()));
    private final LoadedCatalogs loaded;

    public StatehubDatabase() {
        this(new CatalogLoader(CatalogSettings.bundled("statehub"), List.of(new DocumentsSourceType())).load());
    }

    /** Some other catalogs. */
    StatehubDatabase(LoadedCatalogs loaded) {
        this.loaded = loaded;
        new SchemaMigrations(database.direct()).migrate(loaded.loaded());
    }

    public Database database() {
        return database;
    }

    public LoadedCatalogs loaded() {
        return loaded;
    }

    public void execute(String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to statehub");
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The endpoint's answer to a request, as text; {@code null} for what would be 404. */
    public String get(String path, String... query) {
        for (Endpoint endpoint : loaded.endpoints()) {
            Map<String, String> values = Requests.match(endpoint.path(), path);
            if (values != null) {
                return answer(endpoint, endpoint.read(values, Requests.query(query)));
            }
        }
        throw new IllegalArgumentException("no endpoint answers " + path);
    }

    private String answer(Endpoint endpoint, Arguments arguments) {
        SqlSource source = (SqlSource) endpoint.source();
        var query = source.query(endpoint.name(), arguments);
        byte[] json = switch (endpoint.answer()) {
            case LIST -> database.list(query);
            case OBJECT -> database.object(query).orElse(null);
            case DOCUMENT -> database.document(query).orElse(null);
        };
        return json == null ? null : new String(json, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        database.close();
        postgres.close();
    }
}
