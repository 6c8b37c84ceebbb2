package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads that a permission is denied also reads the statement that gives it. */
class MissingGrantsTest {
    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();
    private final String role = "reads_" + database.name();
    private String[] arguments;

    @BeforeEach
    void migrateAsOwner() {
        LittleCatalog little = LittleCatalog.in(folder, "fresh: 1h");
        RunningService.on(database, little.arguments()).close();
        database.server().execute("create role " + role + " login password 'secret'");
        arguments = little.arguments("--catalogs.migrate=false");
    }

    @AfterEach
    void drop() {
        database.close();
        database.server().execute("drop role " + role);
    }

    private RunningService asReader() {
        return RunningService.prepare(database.jdbcUrl(), role, "secret", arguments)
                .started();
    }

    private List<String> mistakes() {
        Throwable failure = catchThrowable(this::asReader);
        assertThat(failure).hasCauseInstanceOf(BrokenCatalogs.class);
        return ((BrokenCatalogs) failure.getCause())
                .mistakes().stream().map(Object::toString).toList();
    }

    @Test
    void theCheckNamesTheGrantOnTheSchemaAndOnTheTables() {
        assertThat(mistakes())
                .anyMatch(it -> it.contains("grant usage on schema little to " + role)
                        && it.contains("grant select on all tables in schema little to " + role));

        LittleCatalog.execute(database, "grant usage on schema little to " + role);
        assertThat(mistakes())
                .anyMatch(it -> it.contains("grant select on little.notes to " + role))
                .noneMatch(it -> it.contains("grant usage"));

        LittleCatalog.execute(database, "grant select on all tables in schema little to " + role);
        try (RunningService service = asReader()) {
            assertThat(service.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRightThatIsTakenAwayIsNamedInTheLogAndNotInTheAnswer() {
        LittleCatalog.execute(
                database,
                "grant usage on schema little to " + role + "; grant select on all tables in schema little to " + role);
        try (RunningService service = asReader();
                LoggedLines log = LoggedLines.ofAll()) {
            LittleCatalog.execute(database, "revoke select on little.notes from " + role);

            HttpResponse<String> answer = service.get(LittleCatalog.LIVE);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("grant", "notes", "permission");
            assertThat(log.written())
                    .anyMatch(line -> line.contains("grant select on notes to the role of database.user"));
        }
    }
}
