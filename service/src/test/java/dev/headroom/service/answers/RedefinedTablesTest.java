package dev.headroom.service.answers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.LittleCatalog;
import dev.headroom.service.cache.CacheSettings;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.check.CheckReport;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement reads is another thing from one moment to the next, and no row changed: nobody tells of that. */
class RedefinedTablesTest {
    private static final String HOUR = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();
    private final RedisServer redis = TestRedis.server();
    private final Database ours =
            new Database(DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password()));
    private final List<CachedEndpoints> open = new ArrayList<>();
    private final AtomicInteger rebuilt = new AtomicInteger();
    private LoadedCatalogs catalogs = new LoadedCatalogs(List.of(), List.of());

    @BeforeEach
    void migrate() {
        catalogs = new CatalogLoader(
                        new CatalogSettings(
                                List.of(),
                                List.of(LittleCatalog.in(folder, HOUR).folder()),
                                true,
                                Map.of(),
                                Map.of()),
                        List.of())
                .load();
        new SchemaMigrations(ours.direct()).migrate(catalogs.loaded());
    }

    @AfterEach
    void close() {
        open.forEach(CachedEndpoints::close);
        ours.close();
        redis.close();
        database.close();
    }

    private Endpoint endpoint(String path) {
        return catalogs.catalogs().getFirst().endpoints().stream()
                .filter(each -> each.path().text().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** An instance that hears; it looks for redefinitions every so often. */
    private CachedEndpoint instance(Duration again) {
        var settings = CacheSettings.from(
                Config.just(ConfigSources.create(
                        Map.of("redis.url", redis.url(), "redis.read-timeout", "2s", "redis.acquire-timeout", "2s"))),
                new SettingsProblems());
        Endpoint kept = endpoint("/kept");
        CachedEndpoints all = new CachedEndpoints(
                settings,
                ours,
                (endpoint, arguments) ->
                        Optional.of(ours.list(((SqlSource) endpoint.source()).query(endpoint.name(), arguments))),
                "test");
        open.add(all);
        all.target(kept);
        all.begin(new CheckReport(List.of(), Map.of()), database.jdbcUrl());
        all.listen(catalogs.loaded(), Map.of(endpoint("/live"), rebuilt::incrementAndGet), again);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.caching().hearing().isCovered());
        return all.kept(kept, requireNonNull(kept.cache()));
    }

    private CachedEndpoint instance() {
        return instance(Duration.ofMillis(100));
    }

    private static String asked(CachedEndpoint instance) {
        return new String(instance.served(Arguments.of(Map.of()), false).entry().body(), StandardCharsets.UTF_8);
    }

    private void execute(String sql) {
        LittleCatalog.execute(database, sql);
    }

    private static void awaitAnswer(CachedEndpoint instance, String word) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(asked(instance)).contains(word));
    }

    @Test
    void aViewInTheRenamedTablesPlaceEndsItsAnswersAndTheTableBehindItTells() {
        CachedEndpoint one = instance();
        assertThat(asked(one)).contains("first");
        int before = rebuilt.get();
        execute("""
                create table little.elsewhere (id int, word text);
                insert into little.elsewhere values (1, 'moved');
                alter table little.notes rename to notes_of_old;
                create view little.notes as select * from little.elsewhere""");
        awaitAnswer(one, "moved");
        await().untilAsserted(() -> assertThat(rebuilt.get()).isGreaterThan(before));
        // At once, and by the trigger: the next look for redefinitions would find none.
        int rebuiltThen = rebuilt.get();
        execute("update little.elsewhere set word = 'told'");
        awaitAnswer(one, "told");
        await().untilAsserted(() -> assertThat(rebuilt.get()).isGreaterThan(rebuiltThen));
    }

    @Test
    void aViewReplacedByOneOnTheSameTableEndsItsAnswers() {
        execute("""
                alter table little.notes rename to rows;
                create view little.notes as select id, word from little.rows""");
        CachedEndpoint one = instance();
        assertThat(asked(one)).contains("first");
        execute("create or replace view little.notes as select id, upper(word) as word from little.rows");
        awaitAnswer(one, "FIRST");
    }

    @Test
    void anotherTableOfTheSameNameEndsItsAnswersAndTells() {
        CachedEndpoint one = instance();
        assertThat(asked(one)).contains("first");
        execute("""
                create table little.next (id int, word text);
                insert into little.next values (1, 'swapped');
                alter table little.notes rename to notes_of_old;
                alter table little.next rename to notes""");
        awaitAnswer(one, "swapped");
        LittleCatalog.execute(database, "update little.notes set word = 'told'");
        awaitAnswer(one, "told");
    }

    @Test
    void aPartitionThatIsAttachedLaterIsReadAndTells() {
        execute("""
                drop table little.notes;
                create table little.notes (id int, word text) partition by list (id);
                create table little.ones partition of little.notes for values in (1);
                insert into little.notes values (1, 'first')""");
        CachedEndpoint one = instance();
        assertThat(asked(one)).contains("first");
        execute("""
                create table little.twos (id int, word text);
                insert into little.twos values (2, 'attached');
                alter table little.notes attach partition little.twos for values in (2)""");
        awaitAnswer(one, "attached");
        execute("update little.twos set word = 'told'");
        awaitAnswer(one, "told");
    }

    @Test
    void aTriggerThatWasDroppedIsAddedAgainAndWhatPassedMeanwhileIsSeenByAll() {
        CachedEndpoint one = instance();
        CachedEndpoint other = instance(Duration.ofHours(1));
        assertThat(asked(one)).contains("first");
        assertThat(asked(other)).contains("first");
        execute("drop trigger headroom_changed on little.notes; update little.notes set word = 'unheard'");
        awaitAnswer(one, "unheard");
        awaitAnswer(other, "unheard");
    }

    @Test
    void whoHasNotNoticedYetAndWhoHasDoNotDisturbEachOther() {
        CachedEndpoint late = instance(Duration.ofHours(1));
        CachedEndpoint soon = instance();
        assertThat(asked(late)).contains("first");
        assertThat(asked(soon)).contains("first");
        execute("create table little.elsewhere (id int, word text); insert into little.elsewhere values (1, 'moved');"
                + "alter table little.notes rename to notes_of_old;"
                + "create view little.notes as select * from little.elsewhere");
        awaitAnswer(soon, "moved");
        asked(late);
        assertThat(asked(soon)).contains("moved");
        assertThat(asked(instance())).contains("moved");
    }

    @Test
    void aStatementThatNoLongerRunsHasItsLastAnswerServedAndIsSaidOnce() {
        CachedEndpoint one = instance();
        assertThat(asked(one)).contains("first");
        try (LoggedLines log = LoggedLines.of(ChangeWatch.class.getPackage())) {
            execute("alter table little.notes rename to notes_of_old");
            await().atMost(Duration.ofSeconds(10)).until(() -> !log.warnings().isEmpty());
            await().untilAsserted(() -> assertThat(
                            one.served(Arguments.of(Map.of()), false).how().name())
                    .isEqualTo("LOCAL_FAILED"));
            assertThat(log.warnings()).allMatch(line -> line.contains("cannot find out which tables it reads"));
            assertThat(log.warnings()).hasSize(2); // both endpoints
            execute("alter table little.notes_of_old rename to notes");
            execute("update little.notes set word = 'back'");
            awaitAnswer(one, "back");
        }
    }

    @Test
    void atRestNothingIsAskedButWhetherSomethingWasRedefined() {
        instance();
        String created = "select coalesce(sum(n_tup_ins), 0) from pg_stat_sys_tables"
                + " where schemaname = 'pg_catalog' and relname = 'pg_rewrite'";
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        long before = LittleCatalog.number(database, created);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(LittleCatalog.number(database, created)).isEqualTo(before);
    }
}
