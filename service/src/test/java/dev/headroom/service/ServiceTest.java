package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import io.apicurio.datamodels.Library;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of the whole service, on a real database. */
class ServiceTest {
    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() {
        database = TestPostgres.database();
        service = RunningService.on(
                database, "--catalogs.sample-scale=0.001", "--server.cors.origins=https://app.example.org");
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /topics/, 200",
        "GET, /nope, 404",
        "GET, /tasks/?limit=many, 400",
        "POST, /topics/, 405",
        "GET, /topics/%ff, 400",
        "OPTIONS, /topics/, 204",
        "HEAD, /topics/, 200",
        "GET, /, 200",
        "GET, /openapi, 200",
        "GET, /tasks/00000000-0000-0000-0000-000000000000, 404"
    })
    void everyAnswerSaysHowItCameAbout(String method, String path, int status) {
        HttpResponse<String> answer = service.send(method, path, "X-Request-Id", "from-the-caller");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Request-Id")).contains("from-the-caller");
        assertThat(answer.headers().firstValue("X-Process-Time").orElseThrow()).matches("\\d+\\.\\d\\dms");
        assertThat(answer.headers().firstValue("X-Query-Time").orElseThrow()).matches("\\d+\\.\\d\\dms");
        assertThat(answer.headers().firstValue("X-Query-Count").orElseThrow()).matches("\\d+");
        assertThat(answer.headers().firstValue("Server-Timing").orElseThrow()).startsWith("total;dur=");
    }

    @Test
    void theProfileCountsTheStatementsOfTheRequest() {
        assertThat(service.get("/tasks/?limit=77").headers().firstValue("X-Query-Count"))
                .contains("1");
        assertThat(service.get("/").headers().firstValue("X-Query-Count")).contains("0");
    }

    @ParameterizedTest
    @CsvSource({"http://x/topics/?a=b, [{", "http://x, HTTP/1.1 200", "http://x/nope, /nope"})
    void aTargetMayNameTheHostAsProxiesWriteIt(String target, String said) throws IOException {
        assertThat(service.raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains(said)
                .doesNotContain("\"instance\":\"http");
    }

    @Test
    void charactersThatAreNotEncodedAreABadRequestAndNotAnotherValue() throws IOException {
        assertThat(service.raw("GET /tasks/?status=\u00fc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("the query parameter 'status' is missing, broken or not UTF-8");
    }

    @Test
    void aBadParameterIsNamedWithWhatWasExpected() {
        HttpResponse<String> answer = service.get("/tasks/?limit=many");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains(
                        "\"parameter\":\"limit\"", "\"expected\":\"a whole number", "\"type\":\"/docs#bad-parameter\"")
                .doesNotContain("many");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topics", "/domains", "/tasks?limit=3", "/state/summary"})
    void aPathAnswersWithAndWithoutItsTrailingSlash(String path) {
        int query = path.indexOf('?') < 0 ? path.length() : path.indexOf('?');
        String other = path.substring(0, query) + "/" + path.substring(query);
        assertThat(service.get(path).statusCode()).isEqualTo(200);
        assertThat(service.get(other).statusCode()).isEqualTo(200);
        assertThat(service.get(other + (query == path.length() ? "/" : "")).statusCode())
                .isEqualTo(query == path.length() ? 404 : 200);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() {
        HttpResponse<String> get = service.get("/topics/");
        HttpResponse<String> head = service.send("HEAD", "/topics/");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(get.headers().firstValue("Content-Length"));
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() {
        assertThat(service.send("DELETE", "/topics/").headers().firstValue("Allow"))
                .contains("GET, HEAD, OPTIONS");
        HttpResponse<String> options = service.send("OPTIONS", "/topics/");
        assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(options.headers().firstValue("Content-Length")).isEmpty();
        assertThat(service.send("DELETE", "/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void anAcceptHeaderThatAllowsNoJsonIsNotAcceptable() {
        assertThat(service.get("/topics/", "Accept", "text/html").statusCode()).isEqualTo(406);
        assertThat(service.get("/topics/", "Accept", "text/html, */*;q=0.1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void onlyAnAllowedOriginMayReadFromABrowser() {
        HttpResponse<String> allowed = service.get("/topics/", "Origin", "https://app.example.org");
        HttpResponse<String> other = service.get("/nope", "Origin", "https://evil.example.org");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example.org");
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(other.headers().firstValue("Vary")).contains("Origin");
        HttpResponse<String> preflight = service.send(
                "OPTIONS", "/topics/", "Origin", "https://app.example.org", "Access-Control-Request-Method", "GET");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("GET, HEAD, OPTIONS");
    }

    @Test
    void theOpenApiDocumentIsValid() {
        String document = service.get("/openapi").body();
        var problems = Library.validate(Library.readDocumentFromJSONString(document), null);
        assertThat(problems)
                .extracting(problem -> problem.nodePath + ": " + problem.message)
                .isEmpty();
        assertThat(document)
                .contains("\"openapi\":\"3.1.0\"", "\"/tasks/{id}\"", "\"needs_human\":{\"type\":\"boolean\"");
    }

    @Test
    void theValidatorWouldHaveFoundAMistake() {
        String broken = service.get("/openapi").body().replace("\"in\":\"path\"", "\"in\":\"nowhere\"");
        assertThat(Library.validate(Library.readDocumentFromJSONString(broken), null))
                .isNotEmpty();
    }

    @Test
    void theOpenApiDocumentIsYamlForThoseWhoPreferIt() {
        HttpResponse<String> yaml = service.get("/openapi", "Accept", "application/yaml");
        assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(yaml.body()).startsWith("openapi: 3.1.0");
    }

    @Test
    void theOpenApiDocumentIsWhereToolsLookForIt() {
        HttpResponse<String> json = service.get("/openapi.json");
        HttpResponse<String> yaml = service.get("/openapi.yaml");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json.body()).isEqualTo(service.get("/openapi").body());
        assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(yaml.body()).startsWith("openapi: 3.1.0");
        assertThat(service.get("/").body()).contains("href=\"/openapi.json\"", "href=\"/openapi.yaml\"");
    }

    @Test
    void everyEndpointIsOnTheLandingPageAndInTheDocument() {
        String landing = service.get("/").body();
        String document = service.get("/openapi").body();
        for (String path : List.of("/domains/", "/topics/{id}", "/sbom/snapshots/", "/state/summary")) {
            assertThat(landing).contains("<code>" + path + "</code>");
            assertThat(document).contains("\"" + path + "\":{\"get\"");
        }
    }

    @Test
    void thePagesFetchNothingFromElsewhere() {
        for (String page : List.of("/", "/docs", "/docs/app.js", "/docs/style.css")) {
            HttpResponse<String> answer = service.get(page);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'");
            assertThat(answer.body()).doesNotContain("http://", "https://");
        }
    }

    @Test
    void theAdminPortSaysThatItLivesHasStartedAndIsReady() {
        for (String check : List.of("live", "started", "ready")) {
            assertThat(service.admin("/health/" + check).statusCode()).isEqualTo(200);
        }
        assertThat(service.admin("/topics/").statusCode()).isEqualTo(404);
        assertThat(service.get("/health/live").statusCode()).isEqualTo(404);
    }
}
