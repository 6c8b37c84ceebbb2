package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.documents.AbsentRoots;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workplans on disk, asked for as a dashboard does. */
class WorkplanIndexTest {
    private static final String PLAN =
            "---\nid: WP-1\ntype: workplan\ntitle: Plan\n---\n## Step\n```task\nid: T1\n```\n";

    @TempDir
    Path root;

    @Test
    void theIndexIsAnsweredHeldAndRefreshed() throws Exception {
        Path repository = Files.createDirectories(root.resolve("hub"));
        try (var database = TestPostgres.database();
                var running = RunningService.on(database, "--documents.roots=" + root)) {
            insert(database, repository);
            Files.writeString(repository.resolve("plan.md"), PLAN);
            await().until(() -> running.service().hears()); // which ends what was kept before

            var first = running.get("/workstreams/workplan-index");
            Files.writeString(repository.resolve("second.md"), PLAN.replace("WP-1", "WP-2"));

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("X-Query-Count")).contains("1");
            assertThat(first.body())
                    .contains("\"WP-1\":{", "\"tasks\":[{\"id\":\"T1\",", "\"title\":\"Step\"}]", "\"errors\":[]");
            assertThat(running.get("/workstreams/workplan-index/").body()).isEqualTo(first.body());
            assertThat(running.get("/workstreams/workplan-index?refresh=1").body())
                    .contains("\"WP-2\":{");
            assertThat(running.get("/workstreams/workplan-index?refresh=maybe").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aFolderThatIsNotThereIsToldAtStartByItsSettingAndReadOnceItIs() throws Exception {
        Path late = root.resolve("late");
        try (var database = TestPostgres.database();
                var log = LoggedLines.of(AbsentRoots.class.getPackage());
                var running = RunningService.on(database, "--documents.roots=" + root + "," + late)) {
            await().untilAsserted(() -> assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("documents.roots: " + late + " does not exist"));
            Path repository = Files.createDirectories(late.resolve("hub"));
            insert(database, repository);
            Files.writeString(repository.resolve("plan.md"), PLAN);
            assertThat(running.get("/workstreams/workplan-index").body()).contains("\"WP-1\":{", "\"errors\":[]");
        }
    }

    @Test
    void aRefreshIsThatOfTheInstanceThatWasAskedWhoseFilesTheyAre() throws Exception {
        Path repository = Files.createDirectories(root.resolve("hub"));
        try (var database = TestPostgres.database();
                var redis = TestRedis.server();
                var one = RunningService.on(database, "--documents.roots=" + root, "--redis.url=" + redis.url());
                var two = RunningService.on(database, "--documents.roots=" + root, "--redis.url=" + redis.url())) {
            insert(database, repository);
            Files.writeString(repository.resolve("plan.md"), PLAN);
            WholeFleet.awaitHearing(one);
            WholeFleet.awaitHearing(two);
            String path = "/workstreams/workplan-index";
            assertThat(one.get(path).body()).contains("\"WP-1\":{");
            assertThat(two.get(path).body()).contains("\"WP-1\":{");
            Files.writeString(repository.resolve("second.md"), PLAN.replace("WP-1", "WP-2"));

            var refreshed = one.get(path + "?refresh=1");
            assertThat(refreshed.body()).contains("\"WP-2\":{");
            assertThat(WholeFleet.status(refreshed)).startsWith("headroom; fwd=request");
            assertThat(one.get(path).body()).isEqualTo(refreshed.body());
            assertThat(WholeFleet.status(one.get(path))).endsWith("detail=local");
            assertThat(two.get(path).body()).doesNotContain("WP-2");
            assertThat(two.get(path + "?refresh=1").body()).isEqualTo(refreshed.body());
        }
    }

    @Test
    void sampleRowsHaveDocumentsToLookAtAndNothingThatLiesThereIsTouched() throws Exception {
        Path theirs = Files.createDirectories(root.resolve("repo-5")).resolve("theirs.md");
        Files.writeString(theirs, PLAN);
        try (var database = TestPostgres.database();
                var running =
                        RunningService.on(database, "--documents.roots=" + root, "--catalogs.sample-scale=0.004")) {
            String index = running.get("/workstreams/workplan-index").body();

            assertThat(index)
                    .contains("\"repo-2-hardening\":{", "\"title\":\"Harden repo-2 for production\"")
                    .contains("\"title\":\"Take backups and restore one\"", "\"errors\":[]");
            try (Stream<Path> files = Files.list(root.resolve("repo-5"))) {
                assertThat(files).containsExactly(theirs);
            }
        }
    }

    private static void insert(TestPostgres.Database database, Path repository) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path to statehub");
            statement.execute("""
                    with d as (
                        insert into domains (id, slug, title, status, created_at, updated_at)
                        values (gen_random_uuid(), 'd', 'D', 'active', now(), now()) returning id)
                    insert into managed_repos (id, domain_id, slug, status, local_path, created_at, updated_at)
                    select gen_random_uuid(), id, 'hub', 'active', '%s', now(), now() from d
                    """.formatted(repository));
        }
    }
}
