package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.answers.CachedEndpoints;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresOptions;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that may not look, tables that were told not to tell, and a cache that does not listen. */
class TriggersTest {
    private static final List<String> NOTES = List.of("little.notes");
    private static final String HOUR = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRoleThatMayNotLookHasItsAnswersEndedByAnyChange() {
        String role = "plain_" + database.name();
        LittleCatalog.execute(database, """
                create role %1$s login password 'plain';
                grant create on database %2$s to %1$s;
                revoke temporary on database %2$s from public""".formatted(role, database.name()));
        try (LoggedLines log = LoggedLines.of(CachedEndpoints.class.getPackage());
                RunningService service = RunningService.prepare(
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
            assertThat(log.warnings())
                    .as("one cause, one warning, however many endpoints")
                    .filteredOn(line -> line.contains("cannot find out"))
                    .singleElement()
                    .asString()
                    .contains("every other endpoint", "grant TEMPORARY");
        } finally {
            LittleCatalog.execute(database, "drop owned by " + role + " cascade; drop role " + role);
        }
    }

    @Test
    void aTableWhoseTriggerSomebodyDisabledIsKnownNotToTell() throws SQLException {
        LittleCatalog.execute(database, "create table told (id int)");
        List<String> told = List.of("public.told");
        try (Connection connection = database.connect()) {
            ChangeTriggers.install(connection, told);
            assertThat(ChangeTriggers.withoutActiveTrigger(connection, told)).isEmpty();
            LittleCatalog.execute(database, "alter table told disable trigger all");
            assertThat(ChangeTriggers.withoutActiveTrigger(connection, told)).isEqualTo(told);
            // Who disabled it wanted that: it is said, and not undone.
            assertThat(ChangeTriggers.install(connection, told)).isEmpty();
            LittleCatalog.execute(database, "alter table told enable trigger all");
            assertThat(ChangeTriggers.withoutActiveTrigger(connection, told)).isEmpty();
        }
    }

    /** What restores and some replication tools set, and what the workers of logical replication set. */
    @Test
    void aWriteInTheRoleOfAReplicaEndsAnswers() {
        try (RunningService service =
                RunningService.on(database, LittleCatalog.in(folder, HOUR).arguments())) {
            WholeFleet.awaitHearing(service);
            assertThat(service.get(KEPT).body()).contains("first");

            LittleCatalog.execute(
                    database,
                    "set session_replication_role = replica; update little.notes set word = 'second' where id = 1");

            await().untilAsserted(() -> assertThat(service.get(KEPT).body()).contains("second"));
            LittleCatalog.execute(database, "set session_replication_role = replica; truncate little.notes");
            await().untilAsserted(() -> assertThat(service.get(KEPT).body()).isEqualTo("[]"));
        }
    }

    @Test
    void rowsThatLogicalReplicationWritesEndAnswers() {
        try (PostgresServer server =
                        TestPostgres.server(PostgresOptions.defaults().setting("wal_level", "logical"));
                TestPostgres.Database publisher = server.database();
                TestPostgres.Database subscriber = server.database();
                RunningService service = RunningService.on(
                        subscriber, LittleCatalog.in(folder, HOUR).arguments())) {
            WholeFleet.awaitHearing(service);
            LittleCatalog.execute(publisher, """
                    create schema little;
                    create table little.notes (id int primary key, word text not null);
                    insert into little.notes values (1, 'first');
                    create publication notes for table little.notes""");
            // Beforehand: within one server creating it with the subscription would wait for itself.
            LittleCatalog.text(publisher, "select pg_create_logical_replication_slot('notes', 'pgoutput')::text");
            LittleCatalog.execute(
                    subscriber,
                    "create subscription notes connection 'host=%s port=%d user=%s password=%s dbname=%s' publication notes"
                                    .formatted(
                                            server.host(),
                                            server.port(),
                                            server.user(),
                                            server.password(),
                                            publisher.name())
                            + " with (create_slot = false, copy_data = false, slot_name = 'notes')");
            try {
                assertThat(service.get(KEPT).body()).contains("first");
                for (String word : List.of("second", "third")) {
                    LittleCatalog.execute(publisher, "update little.notes set word = '" + word + "' where id = 1");
                    await().atMost(Duration.ofSeconds(20))
                            .untilAsserted(
                                    () -> assertThat(service.get(KEPT).body()).contains(word));
                }
                assertThat(WholeFleet.status(service.get(KEPT))).startsWith("headroom; hit");
            } finally {
                LittleCatalog.execute(subscriber, "drop subscription notes");
            }
        }
    }

    @Test
    void triggersOfAnOlderVersionAndThoseThatWereReenabledAreUpgraded() throws SQLException {
        String[] arguments = LittleCatalog.in(folder, HOUR).arguments();
        try (RunningService service = RunningService.on(database, arguments)) {
            WholeFleet.awaitHearing(service);
        }
        for (String older :
                List.of("drop trigger headroom_replicated on little.notes", "select 'as pg_restore leaves it'")) {
            LittleCatalog.execute(database, "alter table little.notes enable trigger all; " + older);
            try (Connection connection = database.connect()) {
                assertThat(ChangeTriggers.silentWhenReplicated(connection, NOTES))
                        .isEqualTo(NOTES);
            }
            try (RunningService service = RunningService.on(database, arguments)) {
                WholeFleet.awaitHearing(service);
                assertThat(LittleCatalog.text(
                                database,
                                "select string_agg(tgname || ' ' || tgenabled::text, ', ' order by tgname) from pg_trigger"
                                        + " where tgrelid = 'little.notes'::regclass and not tgisinternal"))
                        .isEqualTo("headroom_changed A, headroom_replicated R");
            }
        }
    }

    @Test
    void onAServerThatCanPrepareTransactionsTheWayOutIsSaidAndIsOne() throws Exception {
        LittleCatalog catalog = LittleCatalog.in(folder, "fresh: 2s, stale-while-revalidate: 0s, jitter: 0%");
        Files.writeString(
                catalog.folder().resolve("catalog.yaml"),
                "  /figures: {answer: document, monitor: {report: cache}}\n",
                StandardOpenOption.APPEND);
        String prepared = "begin; update little.notes set word = 'prepared' where id = 1; prepare transaction 'ours'";
        try (PostgresServer server =
                        TestPostgres.server(PostgresOptions.defaults().setting("max_prepared_transactions", 10));
                TestPostgres.Database ours = server.database()) {
            try (LoggedLines log = LoggedLines.of(CachedEndpoints.class.getPackage());
                    RunningService service = RunningService.on(ours, catalog.arguments())) {
                WholeFleet.awaitHearing(service);
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .contains("max_prepared_transactions", "cache.tables-without-trigger", "little.notes");
                assertThatThrownBy(() -> LittleCatalog.execute(ours, prepared))
                        .hasStackTraceContaining("cannot PREPARE a transaction that has executed LISTEN");
            }
            String[] wayOut = catalog.arguments("--cache.tables-without-trigger=little.notes,little.nots");
            try (LoggedLines log = LoggedLines.of(CachedEndpoints.class.getPackage());
                    RunningService service = RunningService.on(ours, wayOut)) {
                WholeFleet.awaitHearing(service);
                assertThat(log.lines())
                        .anySatisfy(line -> assertThat(line).contains("little.notes has no change trigger", "policy"))
                        .anySatisfy(line -> assertThat(line).contains("little.nots", "did you mean little.notes?"));
                assertThat(LittleCatalog.triggers(ours, "little.notes")).isZero();
                assertThat(service.get("/figures").body())
                        .contains("\"hears_changes\":true", "\"tables_without_trigger\":[\"little.notes\"]");
                assertThat(service.get(KEPT).body()).contains("first");
                LittleCatalog.execute(ours, prepared);
                LittleCatalog.execute(ours, "commit prepared 'ours'");
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(
                                () -> assertThat(service.get(KEPT).body()).contains("prepared"));
            }
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
            assertThat(LittleCatalog.triggers(database, "little.notes")).isZero();
        }
    }
}
