package dev.headroom.operator.capacity.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.crd.MetricsSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodMetricsTest {

    private static final String PAGE = "http_server_active_requests 1\ndb_client_connections_max 6\n";

    private HttpServer server;
    private volatile String page = PAGE;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/metrics", exchange -> {
            byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void allPodsAreAskedAndWhoFailsIsNamed() throws Exception {
        int port = server.getAddress().getPort();

        Answers answers = ask(port, pod("up", "127.0.0.1"), pod("gone", "127.0.0.2"));

        assertThat(answers.pages()).containsOnlyKeys("uid-up");
        assertThat(answers.pages().get("uid-up").poolSize()).hasValue(6);
        assertThat(answers.failures())
                .containsEntry("gone", "http://127.0.0.2:" + port + "/metrics: connection refused");
    }

    /** The pattern of the field allows it. */
    @Test
    void aPathThatIsNoneIsAFailure() throws Exception {
        MetricsSpec spec =
                new MetricsSpec(MetricsSpec.Source.PODS, 8081, "/metrics%", "5s", null, MetricsSpec.Names.DEFAULT);

        Answers answers = new PodMetrics(PodMetrics.client(), spec, Clock.systemUTC()).scrape(List.of(pod("a", "::1")));

        assertThat(answers.failures())
                .containsEntry("a", "http://[::1]:8081/metrics%: it is no address: Malformed escape pair");
    }

    @Test
    void aStatusOrAPageThatIsNoneIsAFailure() throws Exception {
        status = 404;
        assertThat(ask(server.getAddress().getPort(), pod("up", "127.0.0.1"))
                        .failures()
                        .get("up"))
                .endsWith(": status 404");
        status = 200;
        page = "<html>";
        assertThat(ask(server.getAddress().getPort(), pod("up", "127.0.0.1"))
                        .failures()
                        .get("up"))
                .contains("the page ends in the middle of a line");
    }

    @Test
    void podsWhosePagesStallKeepNobodyFromAnswering() throws Exception {
        server.createContext("/metrics/stalled", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(PAGE.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });
        HttpServer well = HttpServer.create(
                new InetSocketAddress("127.0.0.2", server.getAddress().getPort()), 200);
        well.createContext("/metrics", exchange -> {
            exchange.sendResponseHeaders(200, PAGE.length());
            exchange.getResponseBody().write(PAGE.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        well.start();
        List<PodAddress> pods = Stream.concat(
                        IntStream.range(0, 40).mapToObj(i -> pod("stalled-" + i, "127.0.0.1")),
                        Stream.of(pod("well", "127.0.0.2")))
                .toList();
        MetricsSpec spec = new MetricsSpec(
                MetricsSpec.Source.PODS,
                server.getAddress().getPort(),
                "/metrics/stalled",
                "5s",
                null,
                MetricsSpec.Names.DEFAULT);

        Answers answers = new PodMetrics(PodMetrics.client(), spec, Clock.systemUTC()).scrape(pods);

        well.stop(0);
        assertThat(answers.pages()).containsOnlyKeys("uid-well");
        assertThat(answers.failures().values())
                .hasSize(40)
                .allMatch(why -> why.endsWith("/metrics/stalled: no whole answer within 4 s"));
    }

    @Test
    void hundredsOfPodsThatHangTakeNoLongerThanOne() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 500, InetAddress.getLoopbackAddress())) {
            List<PodAddress> pods = IntStream.range(0, 300)
                    .mapToObj(i -> pod("pod-" + i, "127.0.0.1"))
                    .toList();
            long began = System.nanoTime();

            Answers answers = source(silent.getLocalPort()).scrape(pods);

            assertThat(answers.failures())
                    .hasSize(300)
                    .containsEntry(
                            "pod-0", "http://127.0.0.1:" + silent.getLocalPort() + "/metrics: no answer within 2 s");
            assertThat((System.nanoTime() - began) / 1e9).isLessThan(10);
        }
    }

    private static PodAddress pod(String name, String ip) {
        return new PodAddress("uid-" + name, name, ip);
    }

    private static Answers ask(int port, PodAddress... pods) throws InterruptedException {
        return source(port).scrape(List.of(pods));
    }

    private static PodMetrics source(int port) {
        MetricsSpec spec =
                new MetricsSpec(MetricsSpec.Source.PODS, port, "/metrics", "5s", null, MetricsSpec.Names.DEFAULT);
        return new PodMetrics(PodMetrics.client(), spec, Clock.systemUTC());
    }
}
