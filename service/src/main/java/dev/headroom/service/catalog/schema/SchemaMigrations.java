package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.logging.Counted;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Brings each catalog's tables up to date, in the catalog's schema and with a history table of its own there. Any number
 * of instances may start at once. Where the history already covers every file, Flyway is not even loaded: that is the
 * start that happens every day, and Flyway would be a third of it (docs/decisions/0034).
 */
public final class SchemaMigrations {
    private static final System.Logger LOG = System.getLogger(SchemaMigrations.class.getName());

    private final DataSource direct;

    /** @param direct connections with a session of their own: locks and search_path are the session's */
    public SchemaMigrations(DataSource direct) {
        this.direct = direct;
    }

    /**
     * Applies what is missing.
     *
     * @throws MigrationFailed when a catalog's tables are not what its files say
     */
    public void migrate(List<LoadedCatalog> catalogs) {
        List<LoadedCatalog> withSchema = catalogs.stream()
                .filter(catalog -> !MigrationFile.of(catalog.files()).isEmpty())
                .toList();
        if (withSchema.isEmpty()) {
            return;
        }
        try (Connection connection = direct.getConnection()) {
            for (LoadedCatalog catalog : withSchema) {
                migrate(catalog, connection);
            }
        } catch (SQLException lost) {
            LoadedCatalog first = withSchema.getFirst();
            throw new MigrationFailed(first.catalog().name(), first.tables().schema(), lost);
        }
    }

    /** Of these, the catalogs whose tables are not, or not all, made. */
    public Set<LoadedCatalog> pending(List<LoadedCatalog> catalogs) {
        Set<LoadedCatalog> pending = new HashSet<>();
        for (LoadedCatalog catalog : catalogs) {
            List<MigrationFile> files = MigrationFile.of(catalog.files());
            String schema = catalog.tables().schema();
            try (Connection connection = direct.getConnection()) {
                if (!files.isEmpty() && !AppliedMigrations.cover(files, connection, schema, historyTable(catalog))) {
                    pending.add(catalog);
                }
            } catch (SQLException lost) {
                throw new MigrationFailed(catalog.catalog().name(), schema, lost);
            }
        }
        return pending;
    }

    /** Returns how many migrations were applied. */
    int migrate(LoadedCatalog catalog, Connection connection) throws SQLException {
        List<MigrationFile> files = MigrationFile.of(catalog.files());
        String schema = catalog.tables().schema();
        String table = historyTable(catalog);
        if (AppliedMigrations.cover(files, connection, schema, table)) {
            return 0;
        }
        try (SessionLock _ = SessionLock.take(connection, "migrate:" + schema)) {
            int applied = flyway(schema, table, files).migrate().migrationsExecuted;
            LOG.log(
                    System.Logger.Level.INFO,
                    "catalog {0}: {1} applied in schema {2}",
                    catalog.catalog().name(),
                    new Counted(applied, "migration"),
                    schema);
            return applied;
        } catch (FlywayException refused) {
            throw new MigrationFailed(catalog.catalog().name(), schema, refused);
        }
    }

    static String historyTable(LoadedCatalog catalog) {
        return catalog.catalog().name().replace('-', '_') + "_schema_history";
    }

    private Flyway flyway(String schema, String table, List<MigrationFile> files) {
        return Flyway.configure()
                .dataSource(direct)
                .schemas(schema)
                .defaultSchema(schema)
                .table(table)
                .resourceProvider(new GivenFiles(files))
                .javaMigrationClassProvider(List::of)
                .validateMigrationNaming(true)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .load();
    }

    /** Flyway looks at these files and at nothing else. */
    private record GivenFiles(List<MigrationFile> files) implements ResourceProvider {

        @Override
        public @Nullable LoadableResource getResource(String name) {
            return files.stream()
                    .filter(file -> file.getFilename().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return files.stream()
                    .filter(file -> file.getFilename().startsWith(prefix)
                            && Arrays.stream(suffixes).anyMatch(file.getFilename()::endsWith))
                    .map(LoadableResource.class::cast)
                    .toList();
        }
    }
}
