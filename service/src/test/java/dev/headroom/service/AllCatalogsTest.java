package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.testkit.TestPostgres;
import io.apicurio.datamodels.Library;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled catalogs in one database, each in its schema. */
class AllCatalogsTest {
    static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() {
        database = TestPostgres.database();
        service = RunningService.on(
                database, "--catalogs.enabled=statehub,plots,agents", "--catalogs.sample-scale=0.003");
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    /** Every endpoint as its catalog lists it, with identifiers that nobody has. */
    static List<String> paths() {
        return new CatalogLoader(CatalogSettings.bundled("statehub", "plots", "agents"), Service.sources())
                .load().endpoints().stream()
                        .map(Endpoint::path)
                        .map(path -> path.text().replaceAll("\\{[^}]*}", NOBODY))
                        .toList();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void everyPathAnswersWithAndWithoutItsTrailingSlash(String path) {
        String bare = path.replaceFirst("/$", "");
        HttpResponse<String> without = service.get(bare);
        HttpResponse<String> with = service.get(bare + "/");

        // A repository's snapshots and the tasks of a workflow are lists: those of nobody are empty.
        boolean oneThing = path.contains(NOBODY) && !path.endsWith("/tasks");
        assertThat(without.statusCode()).isEqualTo(oneThing ? 404 : 200);
        assertThat(with.statusCode()).isEqualTo(without.statusCode());
        assertThat(with.headers().firstValue("X-Query-Count")).isPresent();
        if (!oneThing && !path.startsWith("/state") && !path.startsWith("/api/performance")) {
            assertThat(with.body()).isEqualTo(without.body());
        }
    }

    @Test
    void theDescriptionOfAllOfThemIsValid() {
        String document = service.get("/openapi").body();
        assertThat(Library.validate(Library.readDocumentFromJSONString(document), null))
                .extracting(problem -> problem.nodePath + ": " + problem.message)
                .isEmpty();
        assertThat(document)
                .contains("\"/tasks/\"", "\"/plots/filter\"", "\"/specs/{spec_id}/{library}/code\"")
                .contains("\"/api/tasks\"", "\"/api/performance/database\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/domains/, true, true",
        "/workstreams/workplan-index, true, true",
        "/api/tasks, true, true",
        "/plots/filter, true, false",
        "/api/performance/database, false, false"
    })
    void theDescriptionSaysWhatTheCacheSays(String path, boolean tagged, boolean kept) throws Exception {
        JsonNode get = new ObjectMapper()
                .readTree(service.get("/openapi").body())
                .path("paths")
                .path(path)
                .path("get");
        JsonNode headers = get.path("responses").path("200").path("headers");
        HttpResponse<String> answer = service.get(path);
        for (String name : List.of("ETag", "Cache-Control", "Cache-Status", "Age", "Vary")) {
            boolean always = name.startsWith("Cache-") || name.equals("Vary");
            assertThat(headers.has(name)).as(name).isEqualTo(kept || always || (tagged && name.equals("ETag")));
            assertThat(answer.headers().firstValue(name).isPresent()).as(name).isEqualTo(headers.has(name));
        }
        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow().equals("no-store"))
                .isNotEqualTo(tagged);
        assertThat(get.path("responses").has("304")).isEqualTo(tagged);
        assertThat(get.path("parameters").findValuesAsText("name").contains("If-None-Match"))
                .isEqualTo(tagged);
        if (tagged) {
            String etag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(service.get(path, "If-None-Match", etag).statusCode()).isEqualTo(304);
        }
    }

    @Test
    void figuresAndFacetsAreAboutTheRowsThatAreThere() {
        assertThat(service.get("/plots/filter?limit=1&lib=plotly").body())
                .startsWith("{\"total\":30,\"images\":[{\"spec_id\":");
        assertThat(service.get("/api/performance/database").body()).contains("\"table\":\"messages\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/tasks/, 500",
        "/tasks/?limit=5000, 3000",
        "/api/workflows, 50",
        "/api/workflows?limit=5000, 60",
        "/api/tasks, 100",
        "/sbom/snapshots/?repo_id={busiest repo}, 100",
        "/api/channels/{busiest channel}/messages, 100",
    })
    void aListIsAsLongAsTheContractSays(String path, int rows) throws SQLException, IOException {
        String asked = path.replace(
                        "{busiest repo}",
                        ask("select repo_id from statehub.sbom_snapshots group by 1 order by count(*) desc"))
                .replace(
                        "{busiest channel}",
                        ask("select channel_id from agents.messages group by 1 order by count(*) desc"));
        assertThat(json(asked)).hasSize(rows);
    }

    @Test
    void theSummaryNamesFiftyActiveWorkstreams() throws SQLException, IOException {
        assertThat(ask("with all_of_them as (update statehub.workstreams set status = 'active' returning 1)"
                        + " select count(*) from all_of_them"))
                .isEqualTo("60");
        await().untilAsserted(() ->
                assertThat(json("/state/summary").get("active_workstreams")).hasSize(50));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks/?limit=5001",
                "/plots/filter?limit=-1",
                "/plots/filter?offset=x",
                "/api/agents/no-uuid",
                "/api/tasks?limit=5001",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=yesterdayish",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=2026-01-01T00:00:00Z,x",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=a,b,c",
            })
    void aBadParameterIsABadRequest(String path) {
        HttpResponse<String> answer = service.get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    private static JsonNode json(String path) throws IOException {
        return new ObjectMapper().readTree(service.get(path).body());
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
