package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.CacheSettings;
import dev.headroom.service.cache.Caching;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.ChangeNotices;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.DatabaseSettings;
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

/** Tables that cannot be made to tell at once, roles that may not look, and a cache that does not listen. */
class TriggersTest {
    private static final String HOUR = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    private long triggers(String table) {
        return LittleCatalog.number(
                database,
                "select count(*) from pg_trigger where tgname = 'headroom_changed' and tgrelid = '" + table
                        + "'::regclass");
    }

    @Test
    void aTriggerThatCouldNotBeAddedIsAddedLaterAndItsTableCountsAsChangedThen() throws Exception {
        var catalog = LittleCatalog.in(folder, HOUR);
        LoadedCatalogs catalogs = new CatalogLoader(
                        new CatalogSettings(List.of(), List.of(catalog.folder()), true, Map.of(), Map.of()), List.of())
                .load();
        var settings = CacheSettings.from(Config.just(ConfigSources.create(Map.of())), new SettingsProblems());
        try (Database ours =
                        new Database(DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password()));
                Caching caching = Caching.open(settings);
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
                assertThat(log.warnings()).singleElement().asString().contains("little.notes does not tell");
                assertThat(triggers("little.notes")).isZero();
                assertThat(changed).isEmpty();
                writer.rollback();
                await().atMost(Duration.ofSeconds(20)).until(() -> changed.contains("little.notes"));
                assertThat(triggers("little.notes")).isEqualTo(1);
            }
            assertThat(log.warnings()).hasSize(1);
        }
    }

    private static ChangeWatch watch(Database ours, LoadedCatalogs catalogs, Caching caching) {
        return new ChangeWatch(
                ours,
                new EndpointTables(ours),
                catalogs.catalogs().getFirst().endpoints(),
                Map.of(),
                new ChangeNotices(catalogs.loaded()),
                caching.hearing(),
                Duration.ofMillis(50));
    }

    @Test
    void aRoleThatMayNotLookHasItsAnswersEndedByAnyChange() {
        String role = "plain_" + database.name();
        LittleCatalog.execute(database, """
                create role %1$s login password 'plain';
                grant create on database %2$s to %1$s;
                revoke temporary on database %2$s from public""".formatted(role, database.name()));
        try (RunningService service = RunningService.prepare(
                        database.jdbcUrl(),
                        role,
                        "plain",
                        LittleCatalog.in(folder, HOUR).arguments())
                .started()) {
            WholeFleet.awaitHearing(service);
            service.get(KEPT);
            assertThat(WholeFleet.status(service.get(KEPT))).startsWith("headroom; hit");
            LittleCatalog.say(database, "second");
            await().untilAsserted(() -> assertThat(service.get(KEPT).body()).contains("second"));
            LittleCatalog.execute(database, "insert into little.others values (1)");
            await().untilAsserted(() ->
                    assertThat(WholeFleet.status(service.get(KEPT))).startsWith("headroom; fwd=miss"));
        } finally {
            LittleCatalog.execute(database, "drop owned by " + role + " cascade; drop role " + role);
        }
    }

    @Test
    void withoutListeningTheTimesAloneRuleAndNobodyListensAndNoTableTells() {
        var catalog = LittleCatalog.in(folder, "fresh: 3s, stale-while-revalidate: 0s, jitter: 0%");
        try (RunningService service = RunningService.on(database, catalog.arguments("--cache.changes=false"))) {
            service.get(KEPT);
            LittleCatalog.say(database, "second");
            assertThat(service.get(KEPT).body()).contains("first");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(service.get(KEPT).body()).contains("second"));
            assertThat(Figure.of(service, "cache_invalidations_total")).isZero();
            assertThat(LittleCatalog.listening(database)).isZero();
            assertThat(triggers("little.notes")).isZero();
        }
    }
}
