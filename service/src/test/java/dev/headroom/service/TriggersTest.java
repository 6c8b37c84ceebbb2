package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.answers.CachedEndpoints;
import dev.headroom.service.database.changes.ChangeTriggers;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that may not look, tables that were told not to tell, and a cache that does not listen. */
class TriggersTest {
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
                    .filteredOn(line -> line.contains("cannot tell"))
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
            assertThat(ChangeTriggers.untold(connection, told)).isEmpty();
            LittleCatalog.execute(database, "alter table told disable trigger all");
            assertThat(ChangeTriggers.untold(connection, told)).isEqualTo(told);
            // Who disabled it wanted that: it is said, and not undone.
            assertThat(ChangeTriggers.install(connection, told)).isEmpty();
            LittleCatalog.execute(database, "alter table told enable trigger all");
            assertThat(ChangeTriggers.untold(connection, told)).isEmpty();
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
