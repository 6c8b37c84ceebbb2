package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sees of kept answers: one instance over HTTP, with its Redis. */
class CachedAnswersTest {
    private static TestPostgres.Database database;
    private static RedisServer redis;
    private static RunningService service;

    @BeforeAll
    static void start() {
        database = TestPostgres.database();
        redis = TestRedis.server();
        service = RunningService.on(database, "--catalogs.sample-scale=0.003", "--redis.url=" + redis.url());
        awaitHearing(service);
    }

    @AfterAll
    static void stop() {
        service.close();
        redis.close();
        database.close();
    }

    /** Before it hears of changes an instance trusts nothing for long. */
    private static void awaitHearing(RunningService running) {
        await().atMost(Duration.ofSeconds(20)).until(() -> running.service().hears());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static HttpResponse<byte[]> bytes(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + service.service().port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @Test
    void theFirstRequestRunsAStatementAndTheNextOneNone() {
        HttpResponse<String> miss = service.get("/tasks/?limit=7&status=todo");
        HttpResponse<String> hit = service.get("/tasks/?status=todo&limit=7&offset=0&nobody=knows");

        assertThat(header(miss, "Cache-Status")).startsWith("headroom; fwd=miss; ttl=");
        assertThat(header(miss, "X-Query-Count")).isEqualTo("1");
        assertThat(header(hit, "Cache-Status")).matches("headroom; hit; ttl=1[0-5]; detail=local");
        assertThat(header(hit, "X-Query-Count")).isEqualTo("0");
        assertThat(header(hit, "X-Process-Time")).endsWith("ms");
        assertThat(hit.body()).isEqualTo(miss.body());
        assertThat(header(hit, "ETag")).isEqualTo(header(miss, "ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(header(hit, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(hit, "Age")).matches("\\d");
        assertThat(header(hit, "Cache-Control"))
                .matches("max-age=1[345], stale-while-revalidate=60, stale-if-error=3600");
    }

    @Test
    void otherArgumentsAreAnotherAnswer() {
        String three = service.get("/tasks/?limit=3").body();
        assertThat(service.get("/tasks/?limit=4").body()).isNotEqualTo(three);
        assertThat(service.get("/tasks/?limit=3").body()).isEqualTo(three);
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        String etag = header(service.get("/domains/"), "ETag");
        for (String has : new String[] {etag, "W/" + etag, "\"other\", " + etag, "\"a,b\",W/" + etag + " ", "*"}) {
            HttpResponse<String> answer = service.get("/domains/", "If-None-Match", has);
            assertThat(answer.statusCode()).as(has).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "Content-Length")).isEmpty();
            assertThat(header(answer, "ETag")).isEqualTo(etag);
            assertThat(header(answer, "Cache-Control")).startsWith("max-age=");
            assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(header(answer, "Age")).isNotEmpty();
            assertThat(header(answer, "Cache-Status")).startsWith("headroom; hit");
            assertThat(header(answer, "X-Query-Count")).isEqualTo("0");
            assertThat(answer.headers().firstValue("Content-Type")).isEmpty();
            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        }
        assertThat(service.get("/domains/", "If-None-Match", "\"first line\"", "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
        String inside = etag.substring(1, etag.length() - 1);
        for (String hasNot : new String[] {inside, "\"x" + inside + "\"", "\"" + inside + "-gzip\"", "\"\"", "\""}) {
            assertThat(service.get("/domains/", "If-None-Match", hasNot).statusCode())
                    .as(hasNot)
                    .isEqualTo(200);
        }
    }

    @Test
    void aChangedRowChangesTheTag() {
        String before = header(service.get("/topics/"), "ETag");
        execute("update statehub.topics set title = title || ' (new)' where id = (select min(id::text)::uuid from"
                + " statehub.topics)");
        await().untilAsserted(() -> {
            HttpResponse<String> after = service.get("/topics/", "If-None-Match", before);
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(after.body()).contains("(new)");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "GZip, deflate, br, zstd|true",
                "deflate, gzip;q=0.5|true",
                "*|true",
                "GZIP;q=1|true",
                "identity;q=0.5, gzip;q=1.0|true",
                "gzip;q=0|false",
                "identity, gzip;q=0.5|false",
                "*;q=0|false",
                "br|false",
                "gzipped|false",
                "identity|false"
            })
    void theEncodingIsTheClientsChoice(String accepts, boolean gzipped) throws Exception {
        HttpResponse<byte[]> plain = bytes("/repos/");
        HttpResponse<byte[]> answer = bytes("/repos/", "Accept-Encoding", accepts);

        assertThat(header(answer, "Content-Encoding")).isEqualTo(gzipped ? "gzip" : "");
        assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
        byte[] body = answer.body();
        if (gzipped) {
            assertThat(body.length).isLessThan(plain.body().length / 2);
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            assertThat(header(answer, "ETag")).isNotEqualTo(header(plain, "ETag"));
            HttpResponse<byte[]> again =
                    bytes("/repos/", "Accept-Encoding", accepts, "If-None-Match", header(answer, "ETag"));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(header(again, "ETag")).isEqualTo(header(answer, "ETag"));
        }
        assertThat(new String(body, StandardCharsets.UTF_8))
                .isEqualTo(new String(plain.body(), StandardCharsets.UTF_8));
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() {
        HttpResponse<String> get = service.get("/domains/");
        HttpResponse<String> head = service.send("HEAD", "/domains/");
        assertThat(head.body()).isEmpty();
        for (String name : new String[] {"ETag", "Content-Length", "Content-Type", "Cache-Control", "Vary"}) {
            assertThat(header(head, name)).as(name).isEqualTo(header(get, name)).isNotEmpty();
        }
        assertThat(service.send("HEAD", "/domains/", "If-None-Match", header(get, "ETag"))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void aMissingRowIsRememberedUntilItIsThere() {
        String path = "/domains/00000000-0000-0000-0000-00000000aaaa";
        HttpResponse<String> miss = service.get(path);
        HttpResponse<String> hit = service.get(path);
        assertThat(miss.statusCode()).isEqualTo(404);
        assertThat(header(miss, "Cache-Status")).startsWith("headroom; fwd=miss");
        assertThat(hit.statusCode()).isEqualTo(404);
        assertThat(header(hit, "Cache-Status")).startsWith("headroom; hit");
        assertThat(header(hit, "X-Query-Count")).isEqualTo("0");
        assertThat(header(hit, "Cache-Control")).isEqualTo("no-store");
        execute("insert into statehub.domains (id, slug, title, status, created_at, updated_at)"
                + " values ('00000000-0000-0000-0000-00000000aaaa', 'late', 'Late', 'active', now(), now())");
        await().untilAsserted(() -> assertThat(service.get(path).statusCode()).isEqualTo(200));
    }

    @Test
    void noCacheIsNotAClientsToSayUnlessASettingAllowsIt() {
        service.get("/repos/");
        assertThat(header(service.get("/repos/", "Cache-Control", "no-cache"), "Cache-Status"))
                .startsWith("headroom; hit");
        try (RunningService allowing = RunningService.on(database, "--cache.clients-may-renew=true")) {
            allowing.get("/repos/");
            HttpResponse<String> renewed = allowing.get("/repos/", "Cache-Control", "no-cache");
            assertThat(header(renewed, "Cache-Status")).startsWith("headroom; fwd=request");
            assertThat(header(renewed, "X-Query-Count")).isEqualTo("1");
        }
    }

    @Test
    void withTheCacheSwitchedOffEveryRequestRunsItsStatement() {
        try (RunningService without = RunningService.on(database, "--cache.enabled=false")) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = without.get("/domains/");
                assertThat(header(answer, "X-Query-Count")).isEqualTo("1");
                assertThat(header(answer, "Cache-Status")).isEqualTo("headroom; fwd=bypass");
                assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
                assertThat(header(answer, "ETag")).isEmpty();
            }
        }
    }

    @Test
    void anotherInstanceFindsTheAnswerInRedis() {
        try (RunningService other = RunningService.on(database, "--redis.url=" + redis.url())) {
            awaitHearing(other);
            String first = service.get("/domains/").body();
            HttpResponse<String> shared = other.get("/domains/");
            assertThat(header(shared, "Cache-Status")).matches("headroom; hit; ttl=\\d+; detail=shared");
            assertThat(shared.body()).isEqualTo(first);
        }
    }

    @Test
    void withoutRedisTheLocalLevelIsEnough() {
        try (RedisServer brief = TestRedis.server();
                RunningService local = RunningService.on(database, "--redis.url=" + brief.url())) {
            local.get("/domains/");
            brief.kill();
            for (int i = 0; i < 20; i++) {
                assertThat(local.get("/tasks/?limit=" + (i + 1)).statusCode()).isEqualTo(200);
            }
            local.get("/topics/");
            assertThat(header(local.get("/topics/"), "Cache-Status")).endsWith("detail=local");
        }
    }

    @Test
    void whatAsksToBePrewarmedIsThereWhenTheInstanceIsReady() {
        try (RunningService warm = RunningService.on(database, "--cache.prewarm-patience=20s")) {
            HttpResponse<String> first = warm.get("/state/summary");
            assertThat(header(first, "Cache-Status")).endsWith("detail=local");
            assertThat(header(first, "X-Query-Count")).isEqualTo("0");
        }
    }

    @Test
    void anAnswerVariesByOriginAsWellWhereThatMatters() {
        try (RunningService open = RunningService.on(database, "--server.cors.origins=https://app.example.org")) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = open.get("/domains/", "Origin", "https://app.example.org");
                assertThat(String.join(", ", answer.headers().allValues("Vary")).replace(" ", ""))
                        .isEqualTo("Accept-Encoding,Origin");
            }
        }
    }
}
