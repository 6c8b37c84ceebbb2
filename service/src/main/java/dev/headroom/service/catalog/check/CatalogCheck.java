package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.load.Mistakes;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Prepares every statement of every catalog, in each variant that a request can lead to, without running any. Together
 * with what loading found, the report holds all mistakes at once.
 */
public final class CatalogCheck {
    /** Statements are prepared on a few connections at once: the time is that of round trips. Never on more than there are. */
    private static final int AT_ONCE = 4;

    private final Database database;

    public CatalogCheck(Database database) {
        this.database = database;
    }

    /**
     * Everything wrong with what was loaded, and what its statements answer with.
     *
     * @throws dev.headroom.service.database.failure.DatabaseFailure when the database cannot be asked
     */
    public CheckReport check(LoadedCatalogs loaded) {
        return check(loaded, Set.of());
    }

    /**
     * The same, where some catalogs' tables are not made because of the mistakes in them: their statements would be refused
     * one by one for want of tables, which says nothing about them.
     */
    public CheckReport check(LoadedCatalogs loaded, Set<LoadedCatalog> withoutTables) {
        return StatementProfile.inBackground(StatementProfile.START, () -> checkAll(loaded, withoutTables));
    }

    private CheckReport checkAll(LoadedCatalogs loaded, Set<LoadedCatalog> withoutTables) {
        Mistakes mistakes = new Mistakes();
        mistakes.addAll(loaded.mistakes());
        Set<Place> told = loaded.mistakes().stream().map(Mistake::place).collect(Collectors.toSet());
        Map<String, List<Column>> columns = new TreeMap<>();
        OwnJson ownJson = OwnJson.of(database);
        EnumLabels enums = EnumLabels.of(database);
        int atOnce = Math.min(AT_ONCE, database.pool().size().maximum());
        try (ExecutorService executor =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            List<Future<EndpointCheck.Findings>> running = new ArrayList<>();
            for (LoadedCatalog catalog : loaded.loaded()) {
                if (withoutTables.contains(catalog)) {
                    mistakes.add(
                            catalog.catalog().place(),
                            "its statements are not checked yet: its tables are made once the catalog has no mistakes",
                            "mend the others, and check again");
                    continue;
                }
                KnownTables tables = new KnownTables(database, catalog.tables().schema());
                for (Endpoint endpoint : catalog.catalog().endpoints()) {
                    var check = new EndpointCheck(database, endpoint, tables, ownJson, enums, told);
                    running.add(
                            executor.submit(() -> StatementProfile.inBackground(StatementProfile.START, check::call)));
                }
            }
            for (Future<EndpointCheck.Findings> each : running) {
                EndpointCheck.Findings findings = each.get();
                mistakes.addAll(findings.mistakes());
                columns.put(findings.endpoint(), findings.columns());
            }
            loaded.loaded().stream()
                    .filter(catalog -> !withoutTables.contains(catalog))
                    .forEach(catalog -> mistakes.addAll(ReadRights.missing(database, catalog)));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while catalogs were checked", stop);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
        return new CheckReport(mistakes.all(), columns);
    }
}
