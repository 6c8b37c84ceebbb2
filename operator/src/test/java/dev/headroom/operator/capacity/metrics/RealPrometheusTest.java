package dev.headroom.operator.capacity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.crd.MetricsSpec.Names;
import dev.headroom.testkit.TestPrometheus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real Prometheus server makes of pods' pages, asked with a password. */
class RealPrometheusTest {

    /** "correct horse" by bcrypt. */
    private static final String USERS =
            "basic_auth_users: {operator: $2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2}\n";

    /** Routes with other bounds, one of them new to the next scrape, and a route that turned requests away. */
    private static final String ODD = """
            http_server_request_duration_seconds_bucket{route="/a",status="200",le="0.1"} 3
            http_server_request_duration_seconds_bucket{route="/a",status="200",le="1.0"} 7
            http_server_request_duration_seconds_bucket{route="/a",status="200",le="+Inf"} 8
            http_server_request_duration_seconds_sum{route="/a",status="200"} 4.5
            http_server_request_duration_seconds_count{route="/a",status="200"} 8
            http_server_request_duration_seconds_bucket{route="/b",status="200",le="0.5"} 30
            http_server_request_duration_seconds_bucket{route="/b",status="200",le="1.0"} 40
            http_server_request_duration_seconds_bucket{route="/b",status="200",le="+Inf"} 50
            http_server_request_duration_seconds_sum{route="/b",status="200"} 60
            http_server_request_duration_seconds_count{route="/b",status="200"} 50
            http_server_request_duration_seconds_bucket{route="/b",status="503",le="+Inf"} 1000
            http_server_request_duration_seconds_sum{route="/b",status="503"} 1
            http_server_request_duration_seconds_count{route="/b",status="503"} 1000
            http_server_request_duration_seconds_count{route="/b",status="500"} 7
            db_client_operation_duration_seconds_bucket{statement="s \\"1\\" \\\\",le="0.1"} 1
            db_client_operation_duration_seconds_bucket{statement="s \\"1\\" \\\\",le="+Inf"} 2
            db_client_operation_duration_seconds_sum{statement="s \\"1\\" \\\\"} 0.7
            db_client_connections_max{pool="x"} 4
            db_client_connections_max{pool="y"} 5
            db_client_connections_generation NaN
            process_start_time_seconds 1764500000.5
            """;

    private static final Map<String, String> PAGES = new HashMap<>(Map.of("shop-b", ODD));

    private static HttpServer pods;
    private static TestPrometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        PAGES.put("shop-a", Files.readString(Path.of("../docs/contract/metrics.txt")));
        PAGES.put("shop-twice", ODD);
        pods = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        pods.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        PAGES.forEach((pod, page) -> pods.createContext("/" + pod, exchange -> {
            byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }));
        pods.start();
        String address = "127.0.0.1:" + pods.getAddress().getPort();
        StringBuilder jobs = new StringBuilder("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n");
        for (String job : List.of("shop-a", "shop-b", "shop-twice", "again/shop-twice")) {
            String pod = job.substring(job.indexOf('/') + 1);
            jobs.append("""
                    - job_name: %s
                      metrics_path: /%s
                      static_configs: [{targets: ["%s"], labels: {namespace: prod, pod: %s}}]
                    """.formatted(job, pod, address, pod));
        }
        prometheus = TestPrometheus.start(jobs.toString(), USERS);
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (pods != null) {
            pods.stop(0);
        }
    }

    @Test
    void thePageEqualsThatOfThePod() throws Exception {
        for (String pod : List.of("shop-a", "shop-b")) {
            MetricsPage seen = awaitPage(pod);
            MetricsPage own = MetricsPage.of(
                    PAGES.get(pod), Names.DEFAULT, "uid-" + pod, seen.scrape().at());

            sameDurations(total(seen.scrape().requests()), total(own.scrape().requests()));
            assertThat(seen.scrape().statements().keySet())
                    .isEqualTo(own.scrape().statements().keySet());
            own.scrape()
                    .statements()
                    .forEach((name, durations) ->
                            sameDurations(seen.scrape().statements().get(name), durations));
            assertThat(seen.scrape().waits().isPresent())
                    .isEqualTo(own.scrape().waits().isPresent());
            own.scrape()
                    .waits()
                    .ifPresent(waits -> sameDurations(seen.scrape().waits().orElseThrow(), waits));
            assertThat(List.of(
                            seen.scrape().startedAt(),
                            seen.scrape().cpuSeconds(),
                            seen.scrape().shed(),
                            seen.scrape().unavailable(),
                            seen.scrape().failed(),
                            seen.scrape().inFlight(),
                            seen.poolSize(),
                            seen.generation(),
                            seen.outsidePool()))
                    .isEqualTo(List.of(
                            own.scrape().startedAt(),
                            own.scrape().cpuSeconds(),
                            own.scrape().shed(),
                            own.scrape().unavailable(),
                            own.scrape().failed(),
                            own.scrape().inFlight(),
                            own.poolSize(),
                            own.generation(),
                            own.outsidePool()));
        }
    }

    @Test
    void boundsThatNotAllRoutesHaveAreLeftOut() throws Exception {
        LatencyHistogram requests = total(awaitPage("shop-b").scrape().requests());

        assertThat(requests.count()).isEqualTo(58);
        assertThat(requests.percentile(47 / 0.58)).as("the only bound of both").hasValueCloseTo(1.0, within());
    }

    @Test
    void aPageHasTheTimeOfItsScrapeUntilTheNextOne() throws Exception {
        MetricsPage first = awaitPage("shop-a");

        MetricsPage next = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> awaitPage("shop-a"),
                        page -> !page.scrape().at().equals(first.scrape().at()));

        assertThat(Duration.between(first.scrape().at(), next.scrape().at()))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
    }

    @Test
    void aPodOfTwoJobsIsNotCountedTwice() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                ask("shop-twice", "correct horse").failures().get("shop-twice"))
                        .contains("scraped more than once", "again/shop-twice 127.0.0.1"));
    }

    @Test
    void aPodThatItDoesNotKnowAndAWrongPasswordAreFailures() throws Exception {
        assertThat(ask("stranger", "correct horse").failures().get("stranger")).contains("no series with");
        assertThat(ask("shop-a", "wrong").failures().get("prometheus"))
                .endsWith("status 401, it does not accept what the Secret of prometheus.authSecretRef has");
    }

    private static MetricsPage awaitPage(String pod) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            Answers answers = ask(pod, "correct horse");
                            assertThat(answers.failures()).doesNotContainKey("prometheus");
                            return answers.pages().get("uid-" + pod);
                        },
                        page -> page != null);
    }

    private static Answers ask(String pod, String password) throws InterruptedException {
        String basic = "Basic "
                + Base64.getEncoder().encodeToString(("operator:" + password).getBytes(StandardCharsets.UTF_8));
        return new PrometheusMetrics(prometheus.url(), Names.DEFAULT, "prod", PodMetrics.client(), Optional.of(basic))
                .scrape(List.of(new PodAddress("uid-" + pod, pod, "127.0.0.1")));
    }

    private static LatencyHistogram total(Map<String, LatencyHistogram> byName) {
        return LatencyHistogram.total(List.copyOf(byName.values())).orElseThrow();
    }

    private static void sameDurations(LatencyHistogram seen, LatencyHistogram own) {
        assertThat(seen.count()).isEqualTo(own.count());
        assertThat(seen.sum()).isCloseTo(own.sum(), org.assertj.core.api.Assertions.within(1e-9));
        for (double percentage : new double[] {10, 50, 90, 95, 99}) {
            assertThat(seen.percentile(percentage)).isEqualTo(own.percentile(percentage));
        }
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-9);
    }
}
