package dev.headroom.service.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.LittleCatalog;
import dev.headroom.service.cache.CacheSettings;
import dev.headroom.service.cache.Caching;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.ChangeNotices;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that cannot be made to tell at once. */
class ChangeWatchTest {
    private static final String HOUR = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aTriggerThatCouldNotBeAddedIsAddedLaterAndItsTableCountsAsChangedThen() throws Exception {
        LoadedCatalogs catalogs = catalogs();
        try (Database ours =
                        new Database(DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password()));
                Caching caching = Caching.open(settings());
                LoggedLines log = LoggedLines.of(ChangeWatch.class.getPackage())) {
            new SchemaMigrations(ours.direct()).migrate(catalogs.loaded());
            Set<String> changed = ConcurrentHashMap.newKeySet();
            caching.hearing().onChange(changed::addAll);
            caching.begin("");
            try (Connection writer = database.connect();
                    Statement statement = writer.createStatement();
                    ChangeWatch watch = watch(ours, catalogs, caching)) {
                writer.setAutoCommit(false);
                statement.execute("lock table little.notes in row exclusive mode");
                watch.start();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> caching.hearing().isCovered());
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .contains("table little.notes has no change trigger");
                assertThat(LittleCatalog.triggers(database, "little.notes")).isZero();
                assertThat(changed).isEmpty();
                writer.rollback();
                await().atMost(Duration.ofSeconds(20)).until(() -> changed.contains("little.notes"));
                assertThat(LittleCatalog.triggers(database, "little.notes")).isEqualTo(1);
            }
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aTableThatNobodyMayLookAtIsSaidOnceWithWhatThatMeans() throws Exception {
        LoadedCatalogs catalogs = catalogs();
        try (Database ours =
                        new Database(DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password()));
                Caching caching = Caching.open(settings());
                LoggedLines log = LoggedLines.of(ChangeWatch.class.getPackage())) {
            new SchemaMigrations(ours.direct()).migrate(catalogs.loaded());
            caching.begin("");
            try (Connection migrating = database.connect();
                    Statement statement = migrating.createStatement();
                    ChangeWatch watch = watch(ours, catalogs, caching)) {
                migrating.setAutoCommit(false);
                statement.execute("lock table little.notes in access exclusive mode");
                watch.start();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !log.warnings().isEmpty());
                await().pollDelay(Duration.ofSeconds(5)).until(() -> true); // it is asked again meanwhile
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .contains("lock timeout", "cache.blind-fresh", "little.kept");
                assertThat(caching.hearing().isCovered()).isFalse();
                migrating.rollback();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> caching.hearing().isCovered());
            }
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getLast()).startsWith("INFO the tables that endpoints read are known again");
        }
    }

    private LoadedCatalogs catalogs() {
        var folders = List.of(LittleCatalog.in(folder, HOUR).folder());
        return new CatalogLoader(new CatalogSettings(List.of(), folders, true, Map.of(), Map.of()), List.of()).load();
    }

    private static CacheSettings settings() {
        return CacheSettings.from(Config.just(ConfigSources.create(Map.of())), new SettingsProblems());
    }

    private static ChangeWatch watch(Database ours, LoadedCatalogs catalogs, Caching caching) {
        return new ChangeWatch(
                ours,
                new EndpointTables(ours),
                catalogs.catalogs().getFirst().endpoints(),
                Map.of(),
                new ChangeNotices(catalogs.loaded(), List.of()),
                caching.hearing(),
                Duration.ofMillis(50));
    }
}
