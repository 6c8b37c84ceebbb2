package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.LoadedCatalogs;
import dev.headroom.service.catalog.schema.ChangeNotices;
import dev.headroom.service.catalog.schema.SchemaMigrations;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written by anybody ends the answers that were made from it, on a real service. */
class ChangesEndAnswersTest {
    private static final Path SCRIPT = Path.of("../docs/change-triggers.sql");
    private static final List<String> TABLES = List.of("statehub.domains", "statehub.tasks", "statehub.topics");

    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    private RunningService hearing(String... arguments) {
        RunningService service = RunningService.on(database, arguments);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.service().hears());
        return service;
    }

    private List<String> execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            List<String> texts = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        texts.add(rows.getString(1));
                    }
                }
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private LoadedCatalogs migrated() {
        LoadedCatalogs catalogs = new CatalogLoader(CatalogSettings.bundled("statehub"), Service.sources()).load();
        try (Database ours =
                new Database(DatabaseSettings.of(database.jdbcUrl(), database.user(), database.password()))) {
            new SchemaMigrations(ours.direct()).migrate(catalogs.loaded());
        }
        return catalogs;
    }

    private static String status(HttpResponse<String> answer) {
        return answer.headers().firstValue("Cache-Status").orElse("");
    }

    @Test
    void anAnswerMadeOfSeveralTablesEndsWithAChangeOfAnyOfThem() {
        try (RunningService service = hearing("--catalogs.sample-scale=0.003")) {
            for (String table : List.of("topics", "domains")) {
                service.get("/topics/");
                assertThat(status(service.get("/topics/"))).startsWith("headroom; hit");
                execute("update statehub." + table + " set updated_at = now() where false");
                await().untilAsserted(() ->
                        assertThat(status(service.get("/topics/"))).startsWith("headroom; fwd=miss"));
            }
            service.get("/topics/");
            execute("update statehub.tasks set updated_at = now() where false");
            await().pollDelay(Duration.ofMillis(300))
                    .untilAsserted(
                            () -> assertThat(service.admin("/metrics").body()).contains("cache_invalidations_total 3"));
            assertThat(status(service.get("/topics/"))).startsWith("headroom; hit");
        }
    }

    @Test
    void theFilterOverPlotsIsBuiltAnew(@TempDir Path folder) throws IOException {
        Path plots = folder.resolve("plots");
        // So that its own look for changes comes too late.
        copy(Path.of("src/main/resources/catalogs/plots"), plots, "check: 5s", "check: 1h");
        try (RunningService service =
                hearing("--catalogs.enabled=", "--catalogs.folders=" + plots, "--catalogs.sample-scale=0.003")) {
            for (String library : List.of("plotly", "matplotlib")) {
                assertThat(service.get("/plots/filter?limit=0").body()).contains('"' + library + "\":");
                execute("update plots.impls set preview_url_light = null where library_id = '" + library + "'");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(
                                        service.get("/plots/filter?limit=0").body())
                                .doesNotContain('"' + library + "\":"));
            }
        }
    }

    private static void copy(Path from, Path to, String before, String after) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copied = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copied.getParent());
                Files.writeString(copied, Files.readString(file).replace(before, after));
            }
        }
        assertThat(to.resolve("catalog.yaml")).content().contains(after);
    }

    @Test
    void tenInstancesThatStartAtOnceAddEachTriggerOnce() throws Exception {
        ChangeNotices notices = new ChangeNotices(migrated().loaded(), List.of());
        try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<String, String>>> starting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                starting.add(instances.submit(() -> {
                    try (Connection connection = database.connect()) {
                        return notices.install(connection, TABLES);
                    }
                }));
            }
            for (Future<Map<String, String>> each : starting) {
                assertThat(each.get()).isEmpty();
            }
        }
        try (Connection connection = database.connect()) {
            assertThat(ChangeTriggers.withoutActiveTrigger(connection, TABLES)).isEmpty();
        }
    }

    @Test
    void aTableThatIsInUseKeepsItsAnswersShortAndNobodyWaiting() throws Exception {
        ChangeNotices notices = new ChangeNotices(migrated().loaded(), List.of());
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement();
                Connection connection = database.connect()) {
            writer.setAutoCommit(false);
            statement.execute("lock table statehub.tasks in row exclusive mode");
            assertThat(notices.install(connection, TABLES))
                    .containsOnlyKeys("statehub.tasks")
                    .hasEntrySatisfying("statehub.tasks", why -> assertThat(why).contains("lock timeout"));
            writer.rollback();
            assertThat(notices.install(connection, TABLES)).isEmpty();
        }
    }

    @Test
    void tablesOfOthersAreLeftAloneAndTellOnceTheScriptWasRun() throws IOException {
        migrated();
        try (RunningService service = hearing("--catalogs.migrate=false")) {
            assertThat(execute("select tgname from pg_trigger where tgname = 'headroom_changed'"))
                    .isEmpty();
            service.get("/domains/");
            insertDomain("one");
            assertThat(service.get("/domains/").body()).doesNotContain("one");
        }
        runScript("statehub", "domains, topics");
        runScript("statehub", "domains, topics");
        try (RunningService service = hearing("--catalogs.migrate=false")) {
            assertThat(service.get("/domains/").body()).contains("one");
            insertDomain("two");
            await().untilAsserted(
                            () -> assertThat(service.get("/domains/").body()).contains("two"));
        }
    }

    private void insertDomain(String slug) {
        execute("insert into statehub.domains (id, slug, title, status, created_at, updated_at)"
                + " values (gen_random_uuid(), '" + slug + "', 'A domain', 'active', now(), now())");
    }

    /** As psql would: its variables filled in, what a query before \gexec answers executed, each statement by itself. */
    private void runScript(String schema, String tables) throws IOException {
        String text = Files.readString(SCRIPT)
                .replaceAll("(?m)^(--|\\\\set).*$", "")
                .replace(":\"schema\"", '"' + schema + '"')
                .replace(":'schema'", "'" + schema + "'")
                .replace(":'tables'", "'" + tables + "'")
                .replace("\\gexec", "-- \\gexec;\n");
        for (String statement : text.split("(?<=;)\n(?=\n|set|create)|(?<=gexec;\n)", -1)) {
            List<String> rows = execute(statement);
            if (statement.contains("gexec")) {
                assertThat(rows).hasSize(2);
                rows.forEach(this::execute);
            }
        }
    }
}
