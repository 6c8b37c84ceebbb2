package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Query parameters that an endpoint does not have: refused where its catalog is strict, ignored elsewhere. */
class UnknownParametersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        database = TestPostgres.database();
        Path mounted = Files.createDirectories(folder.resolve("exact"));
        Files.writeString(
                mounted.resolve("list.sql"), "select n from generate_series(1, 3) n limit :limit offset :offset\n");
        Files.writeString(mounted.resolve("all.sql"), "select n from generate_series(1, 3) n\n");
        Files.writeString(mounted.resolve("catalog.yaml"), """
                name: exact
                strict: true
                cache:
                  policy: {fresh: 1h}
                endpoints:
                  /exact/list: {answer: list, sql: list.sql, paging: {default: 2, maximum: 10}}
                  /exact/kept: {answer: list, sql: all.sql, cache: policy}
                  /exact/open: {answer: list, sql: all.sql, strict: false}
                """);
        service = RunningService.on(
                database, "--catalogs.folders=" + mounted, "--catalogs.enabled=statehub,plots,agents");
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    private static JsonNode described(String path) throws IOException {
        return JSON.readTree(service.get("/openapi.json").body())
                .path("paths")
                .path(path)
                .path("get");
    }

    @ParameterizedTest
    @CsvSource({
        "/exact/list?limt=1, limt, did you mean limit?, 'one of limit, offset'",
        "/exact/list?limit=1&banana=1, banana, 'known: limit, offset', 'one of limit, offset'",
        "/exact/kept?utm_source=x, utm_source, this path takes none, no query parameters"
    })
    void aStrictEndpointRefusesWhatItDoesNotHave(String path, String parameter, String hint, String expected)
            throws IOException {
        for (int again = 0; again < 3; again++) {
            HttpResponse<String> answer = service.get(path);

            assertThat(answer.statusCode()).isEqualTo(400);
            JsonNode problem = JSON.readTree(answer.body());
            assertThat(problem.path("type").asText()).isEqualTo("/docs#bad-parameter");
            assertThat(problem.path("parameter").asText()).isEqualTo(parameter);
            assertThat(problem.path("expected").asText()).isEqualTo(expected);
            assertThat(problem.path("detail").asText()).contains("'" + parameter + "'", hint);
            assertThat(service.get("/exact/kept").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/exact/list?limit=1&offset=1",
                "/exact/list?",
                "/exact/open?utm_source=x",
                "/topics/?utm_source=x",
                "/plots/filter?fbclid=x&limit=1",
                "/tasks/?status=no-such-status",
                "/api/tasks?cachebuster=1"
            })
    void everythingElseIsAnsweredAsBefore(String path) {
        assertThat(service.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void openApiSaysWhereTheyAreRefused() throws IOException {
        assertThat(described("/exact/kept").path("x-unknown-parameters").asText())
                .isEqualTo("refused");
        assertThat(described("/exact/kept").at("/responses/400/$ref").asText()).endsWith("/BadOrUnknownParameter");
        assertThat(described("/exact/open").has("x-unknown-parameters")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/tasks/, status, in_progress",
        "/tasks/, priority, critical",
        "/workstreams/, status, active",
        "/api/workflows, status, executing",
        "/api/workflows/{id}/tasks, status, pending",
        "/api/tasks, status, completed"
    })
    void openApiNamesTheValuesThatAreKnownWithoutRefusingOthers(String path, String parameter, String value)
            throws IOException {
        for (JsonNode each : described(path).path("parameters")) {
            if (each.path("name").asText().equals(parameter)) {
                assertThat(each.at("/schema/anyOf/0/enum").toString()).contains("\"" + value + "\"");
                assertThat(each.path("schema").has("enum")).isFalse();
                assertThat(each.path("description").asText()).contains(value, "any other value is taken");
                return;
            }
        }
        throw new AssertionError(path + " has no parameter " + parameter);
    }
}
