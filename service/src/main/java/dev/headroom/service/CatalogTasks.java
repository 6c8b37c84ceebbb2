package dev.headroom.service;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.check.CatalogCheck;
import dev.headroom.service.catalog.check.CheckReport;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.SampleData;
import dev.headroom.service.catalog.schema.SampleOptions;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.documents.SampleDocuments;
import dev.headroom.service.logging.Counted;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What the program does instead of serving: check catalogs, and fill their tables. */
final class CatalogTasks {
    private final ServiceSettings settings;
    private final PrintStream out;

    CatalogTasks(ServiceSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Prints every mistake; true when there is none. */
    boolean check() {
        LoadedCatalogs catalogs = load();
        try (Database database = reached()) {
            Set<LoadedCatalog> withoutTables = Set.of();
            if (settings.catalogs().migrate()) {
                SchemaMigrations migrations = new SchemaMigrations(database.direct());
                List<LoadedCatalog> whole = catalogs.whole();
                migrations.migrate(whole);
                withoutTables = migrations.pending(catalogs.loaded().stream()
                        .filter(catalog -> !whole.contains(catalog))
                        .toList());
            }
            CheckReport report = new CatalogCheck(database).check(catalogs, withoutTables);
            out.println(report.text());
            return report.passed();
        }
    }

    /** Fills empty tables; true when the catalogs could be read. */
    boolean sample(double scale) throws SQLException {
        LoadedCatalogs catalogs = load();
        catalogs.mistakes().stream().map(Mistake::toString).forEach(out::println);
        if (!catalogs.mistakes().isEmpty()) {
            return false;
        }
        try (Database database = reached()) {
            if (settings.catalogs().migrate()) {
                new SchemaMigrations(database.direct()).migrate(catalogs.loaded());
            }
            fill(settings, database, catalogs, scale, out::println).forEach(untouched -> out.println(untouched.text()));
            return true;
        }
    }

    /** Fills empty tables; returns the catalogs that were left as they are because they hold rows. */
    static List<SampleData.HoldsRows> fill(
            ServiceSettings settings, Database database, LoadedCatalogs catalogs, double scale, Consumer<String> said)
            throws SQLException {
        List<Path> roots = settings.documents().roots();
        // The newest rows are of today, as dashboards expect.
        SampleOptions options =
                new SampleOptions(scale, settings.sampleSeed(), Instant.now().truncatedTo(ChronoUnit.DAYS));
        SampleData data = new SampleData(database.direct());
        List<SampleData.HoldsRows> untouched = new ArrayList<>();
        for (LoadedCatalog catalog : catalogs.loaded()) {
            SampleData.Outcome outcome = data.load(catalog, roots.isEmpty() ? options : options.in(roots.getFirst()));
            if (outcome instanceof SampleData.HoldsRows holdsRows) {
                untouched.add(holdsRows);
                continue;
            }
            said.accept(outcome.text());
            if (outcome instanceof SampleData.Loaded && !roots.isEmpty()) {
                writeDocuments(new SampleDocuments(database, roots.getFirst()), catalog, said);
            }
        }
        return untouched;
    }

    private static void writeDocuments(SampleDocuments documents, LoadedCatalog catalog, Consumer<String> said) {
        String name = catalog.catalog().name();
        try {
            int written = documents.write(catalog);
            if (written > 0) {
                said.accept(
                        "catalog " + name + ": " + new Counted(written, "sample document") + " under documents.roots");
            }
        } catch (IOException cannot) {
            said.accept("catalog " + name + ": no sample documents, " + cannot);
        }
    }

    /** Asked once: without an answer the failure is that, and not what it would keep from being done. */
    private Database reached() {
        Database database = new Database(settings.database());
        try {
            StatementProfile.inBackground(StatementProfile.START, () -> database.describe("select 1"));
            return database;
        } catch (RuntimeException unreachable) {
            database.close();
            throw unreachable;
        }
    }

    private LoadedCatalogs load() {
        return new CatalogLoader(settings.catalogs(), Service.sources()).load();
    }
}
