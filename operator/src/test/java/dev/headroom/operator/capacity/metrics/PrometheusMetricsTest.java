package dev.headroom.operator.capacity.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a server that answers as Prometheus' /api/v1/query does; {@link RealPrometheusTest} has the real one. */
class PrometheusMetricsTest {

    private static final List<PodAddress> PODS =
            List.of(new PodAddress("uid-a", "shop-a", "10.0.0.1"), new PodAddress("uid-b", "shop-b", "10.0.0.2"));
    private static final String OF_A = """
            {"metric":{"pod":"shop-a","le":"0.1","headroom_metric":"http_server_request_duration_seconds_bucket"},"value":[1,"3"]},
            {"metric":{"pod":"shop-a","le":"+Inf","headroom_metric":"http_server_request_duration_seconds_bucket"},"value":[1,"4"]},
            {"metric":{"pod":"shop-a","headroom_metric":"http_server_request_duration_seconds_sum"},"value":[1,"0.5"]},
            {"metric":{"__name__":"db_client_connections_max","instance":"i","job":"j","pod":"shop-a",
                "headroom_metric":"db_client_connections_max"},"value":[1,"6"]},
            {"metric":{"pod":"shop-a","headroom_metric":"time"},"value":[1,"1764500000.25"]}
            """;

    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = success(OF_A);
    private volatile boolean stalls;
    private volatile String query = "";
    private volatile String authorization = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/prometheus/api/v1/query", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        query = URLDecoder.decode(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length + (stalls ? 1 : 0));
        exchange.getResponseBody().write(bytes);
        if (stalls) {
            exchange.getResponseBody().flush();
        } else {
            exchange.close();
        }
    }

    @Test
    void thePageIsThatOfTheSamplesAtTheTimeOfTheScrape() throws Exception {
        Answers answers = ask();

        MetricsPage page = answers.pages().get("uid-a");
        assertThat(page.scrape().requests().get("").count()).isEqualTo(4);
        assertThat(page.scrape().requests().get("").sum()).isEqualTo(0.5);
        assertThat(page.poolSize()).hasValue(6);
        assertThat(page.scrape().cpuSeconds()).isEmpty();
        assertThat(page.scrape().at()).isEqualTo(Instant.ofEpochMilli(1764500000250L));
    }

    @Test
    void allPodsAreAskedAboutAtOnce() throws Exception {
        ask();

        assertThat(query).contains("namespace=\"prod\",pod=~\"shop-a|shop-b\"", "status!=\"503\"");
        assertThat(query.split("\nor\n")).hasSize(11);
    }

    @Test
    void thePeopleWhoReadTheQueriesSeeNoThousandPods() {
        assertThat(source(Optional.empty()).queries()).hasSize(11).allMatch(query -> query.contains("pod=~\"…\""));
    }

    @Test
    void aPodWithoutSeriesIsAFailureOfItsOwn() throws Exception {
        assertThat(ask().failures())
                .containsOnlyKeys("shop-b")
                .containsEntry("shop-b", url() + ": no series with namespace=\"prod\" and pod=\"shop-b\"");
    }

    @Test
    void aPodThatIsScrapedTwiceIsRefusedRatherThanCountedTwice() throws Exception {
        answer = success(OF_A + """
                ,{"metric":{"__name__":"db_client_connections_max","instance":"i","job":"other","pod":"shop-a",
                    "headroom_metric":"db_client_connections_max"},"value":[1,"6"]}
                """);

        assertThat(ask().failures().get("shop-a"))
                .endsWith("the pod is scraped more than once, so its counters would count twice: j i, other i");
    }

    @Test
    void labelsWithQuotesAndLineBreaksAreRead() throws Exception {
        answer = success(OF_A + """
                ,{"metric":{"pod":"shop-a","le":"+Inf","statement":"a\\"}\\\\\\nb",
                    "headroom_metric":"db_client_operation_duration_seconds_bucket"},"value":[1,"2"]}
                """);

        assertThat(ask().pages().get("uid-a").scrape().statements()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "401 | none | , it asks for credentials, which prometheus.authSecretRef names",
                "401 | Bearer x | , it does not accept what the Secret of prometheus.authSecretRef has",
                "404 | none | , there is no /api/v1/query at this address",
                "422 | none | , query processing would load too many samples",
                "503 | none | , query processing would load too many samples",
            })
    void aStatusIsAFailureThatSaysWhy(int code, String credentials, String why) throws Exception {
        status = code;
        answer = "{\"status\":\"error\",\"error\":\"query processing would load too many samples\"}";

        assertThat(source(Optional.ofNullable(credentials)).scrape(PODS).failures())
                .containsExactly(Map.entry("prometheus", url() + ": status " + code + why));
    }

    @Test
    void aLongReasonIsCut() throws Exception {
        status = 500;
        answer = "{\"error\":\"" + "x".repeat(1 << 20) + "\"}";

        assertThat(ask().failures().get("prometheus")).hasSizeLessThan(400).endsWith("x…");
    }

    @ParameterizedTest
    @CsvSource({"<html>sign in</html>", "[]", "'{\"status\":\"success\"}'", "''"})
    void anAnswerOfSomethingElseIsAFailure(String other) throws Exception {
        answer = other;

        assertThat(ask().failures().get("prometheus"))
                .endsWith(": the answer is not that of a Prometheus server's /api/v1/query");
    }

    @Test
    void anAnswerThatStallsEndsTheRoundAllTheSame() throws Exception {
        stalls = true;

        assertThat(ask().failures().get("prometheus")).endsWith(": no whole answer within 4 s");
    }

    @Test
    void aServerThatIsNotThereIsAFailure() throws Exception {
        server.stop(0);

        assertThat(ask().failures().get("prometheus")).endsWith(": connection refused");
    }

    @ParameterizedTest
    @CsvSource({"http://my_prom:9090, it has no host name", "'http://[::1', it is no address"})
    void anAddressThatIsNoneIsAFailure(String url, String why) throws Exception {
        PrometheusMetrics nowhere =
                new PrometheusMetrics(url, Names.DEFAULT, "prod", PodMetrics.client(), Optional.empty());

        assertThat(nowhere.scrape(PODS).failures().get("prometheus")).startsWith(url + ": " + why);
    }

    @Test
    void credentialsAreSent() throws Exception {
        source(Optional.of("Bearer secret")).scrape(PODS);

        assertThat(authorization).isEqualTo("Bearer secret");
    }

    private static String success(String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/prometheus";
    }

    private Answers ask() throws InterruptedException {
        return source(Optional.empty()).scrape(PODS);
    }

    private PrometheusMetrics source(Optional<String> credentials) {
        return new PrometheusMetrics(url() + "/", Names.DEFAULT, "prod", PodMetrics.client(), credentials);
    }
}
