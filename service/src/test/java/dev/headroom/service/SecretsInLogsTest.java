package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not stand in a log: passwords, and the values of parameters and rows. */
class SecretsInLogsTest {
    private static final String PASSWORD = "recognisable-password";
    private static final String VALUE = "recognisable-value";

    @TempDir
    Path folder;

    @Test
    void aStatementThatFailsIsLoggedWithItsStateAndMessageAndWithoutValues() throws Exception {
        try (PostgresServer server = TestPostgres.server();
                LoggedLines log = LoggedLines.ofAll()) {
            prepare(server);
            try (RunningService service = RunningService.prepare(
                            server.jdbcUrl("postgres"),
                            "reader",
                            "",
                            "--database.password-file=" + Files.writeString(folder.resolve("password"), PASSWORD),
                            "--catalogs.enabled=",
                            "--catalogs.folders=" + catalog(),
                            "--catalogs.migrate=false",
                            "--profile.slow-statement-warn=0ms",
                            "--profile.slow-request-warn=0ms",
                            "--database.pool.acquire-timeout=500ms")
                    .started()) {
                assertThat(service.get("/explode/?q=" + VALUE).statusCode()).isEqualTo(500);
                assertThat(service.get("/number/?q=" + VALUE).statusCode()).isEqualTo(400);
                assertThat(log.written())
                        .anyMatch(line -> line.contains("SQLSTATE XX000") && line.contains("it exploded"))
                        .anyMatch(line -> line.contains("slow statement leaky.explode"));
                server.kill();
                await().until(() -> {
                    // The first may still find a connection that it thinks alive; the next one looks for another.
                    assertThat(service.get("/explode/?q=" + VALUE).statusCode()).isEqualTo(503);
                    return log.written().stream().anyMatch(line -> line.contains("No request tries it"));
                });
            }
            assertThat(log.written()).noneMatch(line -> line.contains(PASSWORD) || line.contains(VALUE));
        }
    }

    @Test
    void settingsThatAreRefusedAreNotQuotedWithTheirPassword() throws Exception {
        for (String url : List.of(
                "jdbc:postgresql://db/app?user=me&password=" + PASSWORD, "postgresql://me:" + PASSWORD + "@db/app")) {
            var loaded =
                    SettingsLoader.load(CommandLine.parse(new String[] {"--database.url=" + url}, Map.of()), Map.of());
            assertThat(loaded.problems())
                    .anyMatch(problem -> problem.startsWith("database.url"))
                    .noneMatch(problem -> problem.contains(PASSWORD));
        }
    }

    private static void prepare(PostgresServer server) throws SQLException {
        try (Connection connection = java.sql.DriverManager.getConnection(
                        server.jdbcUrl("postgres"), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create role reader login password '" + PASSWORD + "'");
            statement.execute("""
                    create function explode(q text) returns text language plpgsql as $$
                    begin
                      raise exception 'it exploded' using errcode = 'XX000', detail = 'Key (q)=(' || q || ')', hint = q;
                    end $$""");
        }
    }

    private Path catalog() throws IOException {
        Path catalog = Files.createDirectory(folder.resolve("leaky"));
        Files.writeString(catalog.resolve("catalog.yaml"), """
                name: leaky
                schema: public
                endpoints:
                  /explode/:
                    answer: list
                    sql: explode.sql
                    parameters:
                      q: {type: text, required: true}
                  /number/:
                    answer: list
                    sql: number.sql
                    parameters:
                      q: {type: text, required: true}
                """);
        Files.writeString(catalog.resolve("explode.sql"), "select explode(:q) as x\n");
        Files.writeString(catalog.resolve("number.sql"), "select :q::text::int as x\n");
        return catalog;
    }
}
