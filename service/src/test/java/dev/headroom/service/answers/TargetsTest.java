package dev.headroom.service.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.http.Api;
import dev.headroom.service.http.Health;
import dev.headroom.service.http.ServerSettings;
import dev.headroom.service.http.endpoint.EndpointTarget;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.http.seen.ProfileSettings;
import dev.headroom.service.monitor.CacheFigures;
import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not a statement, over HTTP. */
class TargetsTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Api api;

    @AfterEach
    void close() throws Exception {
        api.stop(new ServerSettings.Stopping(Duration.ZERO, Duration.ofSeconds(5)));
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private void serve(BundledCatalog bundled) throws IOException {
        Targets targets = new Targets(
                bundled.database(),
                () -> CacheFigures.NO_CACHE,
                endpoint -> new EndpointTarget(endpoint, (other, arguments) -> Optional.empty()));
        opened.addAll(List.of(bundled, targets));
        Catalog catalog = bundled.loaded().catalogs().getFirst();
        List<Route> routes = new ArrayList<>();
        for (Endpoint endpoint : catalog.endpoints()) {
            routes.add(new Route(endpoint.path(), List.of(Reply.JSON), true, targets.of(catalog, endpoint)));
        }
        targets.start();
        listen(routes);
    }

    private void listen(List<Route> routes) throws IOException {
        Config config = Config.just(ConfigSources.create(Map.of("server.port", "0", "server.host", "127.0.0.1")));
        SettingsProblems problems = new SettingsProblems();
        Health health = new Health();
        health.serve();
        api = new Api(ServerSettings.from(config, problems), ProfileSettings.from(config, problems), routes, health);
        api.start();
    }

    private HttpResponse<byte[]> sendForGzip(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept-Encoding", "gzip")
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String unpacked(HttpResponse<byte[]> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void groupsKeepTheOrderOfTheQueryStringAcrossNames() throws Exception {
        serve(BundledCatalog.migrated("plots").fill("plots.sql"));

        HttpResponse<String> answer =
                send("GET", "/plots/filter?lib=plotly%2Cmatplotlib&plot=scatter&lib=plotly&limit=0");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"total\":1,\"images\":[],")
                .contains("\"orCounts\":[{\"plotly\":1},{\"scatter\":1},{\"matplotlib\":1,\"plotly\":1}]")
                .endsWith("\"offset\":0,\"limit\":0}");
        assertThat(answer.headers().firstValue("X-Query-Count")).contains("0");
    }

    @Test
    void aFilterOverABoundIsRefusedByName() throws Exception {
        serve(BundledCatalog.migrated("plots").fill("plots.sql"));

        HttpResponse<String> answer = send("GET", "/plots/filter?" + "lib=a&".repeat(20) + "dom=b");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("'dom' must be left out: a request has at most 20 groups");
    }

    @Test
    void aLargeAnswerIsStreamedWithItsLength() throws Exception {
        serve(BundledCatalog.migrated("plots").sample(0.03));

        HttpResponse<String> whole = send("GET", "/plots/filter");
        HttpResponse<String> head = send("HEAD", "/plots/filter");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).startsWith("{\"total\":3600,").endsWith("\"offset\":0,\"limit\":null}");
        assertThat(whole.body().length()).isGreaterThan(1 << 20);
        assertThat(whole.headers().firstValueAsLong("Content-Length"))
                .hasValue(whole.body().length());
        assertThat(whole.headers().firstValue("Transfer-Encoding")).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(whole.body().length());
        assertThat(send("GET", "/plots/filter?limit=2").statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatLikesGzipGetsTheSameInAFractionOfTheBytes() throws Exception {
        serve(BundledCatalog.migrated("plots").sample(0.03));
        for (String path : List.of("/plots/filter", "/plots/filter?lib=plotly&limit=100")) {
            String plain = send("GET", path).body();
            HttpResponse<byte[]> packed = sendForGzip("GET", path);
            assertThat(unpacked(packed)).isEqualTo(plain);
            assertThat(packed.body()).hasSizeLessThan(plain.length() / 4);
        }
        assertThat(send("GET", "/plots/filter").headers().firstValue("Vary")).contains("Accept-Encoding");
        HttpResponse<byte[]> small = sendForGzip("HEAD", "/plots/filter?lib=plotly&limit=1");
        assertThat(small.headers().firstValueAsLong("Content-Length"))
                .hasValue(sendForGzip("GET", "/plots/filter?lib=plotly&limit=1").body().length);
        HttpResponse<byte[]> large = sendForGzip("HEAD", "/plots/filter");
        assertThat(large.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(large.headers().firstValue("Content-Length")).isEmpty();
    }

    @Test
    void allImagesOfTheSampleAreNoLargerThanTheOriginals() throws Exception {
        serve(BundledCatalog.migrated("plots").sample(0.03));

        HttpResponse<byte[]> packed = sendForGzip("GET", "/plots/filter");

        assertThat(unpacked(packed))
                .startsWith("{\"total\":3600,")
                .isEqualTo(send("GET", "/plots/filter").body());
        assertThat(packed.body()).hasSizeLessThan(90_000); // of 1.65 MB; the original's are 113 KB
        assertThat(sendForGzip("GET", "/plots/filter?lang=python,r,julia").body())
                .as("the same, compressed for one request")
                .hasSizeLessThan(113_000);
    }

    @Test
    void browsersMayKeepAFilteredAnswerAndAskByItsTag() throws Exception {
        serve(BundledCatalog.migrated("plots").fill("plots.sql"));
        String path = "/plots/filter?lib=plotly,matplotlib&limit=2";
        HttpResponse<String> whole = send("GET", path);
        String tag = whole.headers().firstValue("ETag").orElseThrow();
        String gzipTag = sendForGzip("GET", path).headers().firstValue("ETag").orElseThrow();

        assertThat(whole.headers().firstValue("Cache-Control"))
                .contains("public, max-age=60, stale-while-revalidate=600");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(gzipTag).isNotEqualTo(tag);
        for (String method : List.of("GET", "HEAD")) {
            for (String has : List.of(tag, "W/" + tag, "\"a\", W/\"b\", " + tag + " , \"c\"", "*")) {
                HttpResponse<String> answer = send(method, path, "If-None-Match", has);
                assertThat(answer.statusCode()).as(has).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers().firstValue("ETag")).contains(tag);
                assertThat(answer.headers().firstValue("Cache-Control"))
                        .isEqualTo(whole.headers().firstValue("Cache-Control"));
                assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
            }
            for (String has : List.of(gzipTag, "\"a\"", tag.replace("\"", ""), "")) {
                assertThat(send(method, path, "If-None-Match", has).statusCode())
                        .as(has)
                        .isEqualTo(200);
            }
        }
        HttpResponse<String> unchanged = send("GET", path, "Accept-Encoding", "gzip", "If-None-Match", gzipTag);
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(send("GET", "/plots/filter?lib=plotly&limit=2", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("GET", path + "&" + "lib=a&".repeat(21), "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatIsNeverKeptIsGzippedAsWellWhereThatPays() throws Exception {
        serve(BundledCatalog.migrated("agents").fill("agents.sql"));
        assertThat(unpacked(sendForGzip("GET", "/api/performance/database"))).startsWith("{\"connection_pool\":");
        HttpResponse<byte[]> small = sendForGzip("GET", "/api/performance/cache");
        assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(small.headers().firstValue("Vary")).contains("Accept-Encoding");
    }

    @Test
    void aPieceLargerThanTheBufferArrivesWhole() throws Exception {
        byte[] text = "0123456789".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        listen(List.of(Route.page(
                "/large",
                List.of(Reply.JSON),
                call -> Reply.json(new Reply.Streamed(OptionalLong.of(text.length - 6L), out -> {
                    out.write('>');
                    out.write(text, 7, text.length - 7);
                })))));

        assertThat(send("GET", "/large").body())
                .isEqualTo(">" + new String(text, 7, text.length - 7, StandardCharsets.US_ASCII));
    }

    @Test
    void performanceIsToldUnderTheKeysThatDashboardsKnow() throws Exception {
        serve(BundledCatalog.migrated("agents").fill("agents.sql"));

        HttpResponse<String> database = send("GET", "/api/performance/database");

        assertThat(database.statusCode()).isEqualTo(200);
        assertThat(database.headers().firstValue("X-Query-Count")).contains("2");
        assertThat(database.body())
                .startsWith("{\"connection_pool\":{\"pool_size\":10,\"checked_in\":")
                .contains("\"index_usage\":[{\"table\":\"", "\"table_sizes\":[{\"table\":\"", "\"slow_queries\":[")
                .endsWith("\"nfr_target\":\"\\u003c 100ms per query (95th percentile)\"}");
        assertThat(send("GET", "/api/performance/cache").body())
                .startsWith("{\"cache_metrics\":{\"enabled\":false,\"hits\":0,");
    }
}
