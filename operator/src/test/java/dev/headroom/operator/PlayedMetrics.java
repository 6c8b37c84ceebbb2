package dev.headroom.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;

/**
 * Answers for every played pod what a service under a load would tell: a request takes 20 ms of a core and a connection for 10 ms.
 * A pod follows the published pool size when it is asked.
 */
final class PlayedMetrics implements AutoCloseable {

    private static final double CORE_SECONDS = 0.02;
    private static final double STATEMENT_SECONDS = 0.01;
    private static final int OWN_SIZE = 10;
    private static final int OUTSIDE = 1;

    private final KubernetesClient client;
    private final HttpServer server;
    private final Map<String, Double> loads = new HashMap<>();
    private final Map<String, Played> byAddress = new HashMap<>();
    private final Map<String, Integer> mostHeld = new HashMap<>();

    /** What one pod has done and holds. */
    private static final class Played {
        private final Instant began = Instant.now();
        private Instant until = began;
        private double requests;
        private long generation;
        private int size = OWN_SIZE;
    }

    PlayedMetrics(KubernetesClient client) throws IOException {
        this.client = client;
        server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/metrics", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Requests per second to all pods of an app together. */
    synchronized void load(String app, double perSecond) {
        loads.put(app, perSecond);
    }

    /** The most connections that the pods of an app held together. */
    synchronized int mostHeld(String app) {
        return mostHeld.getOrDefault(app, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String address = exchange.getLocalAddress().getAddress().getHostAddress();
        List<Pod> pods = client.pods().list().getItems();
        String app = pods.stream()
                .filter(pod -> pod.getStatus() != null
                        && address.equals(pod.getStatus().getPodIP()))
                .map(pod -> pod.getMetadata().getLabels().get("app"))
                .findFirst()
                .orElse("");
        List<String> serving = pods.stream()
                .filter(pod -> app.equals(pod.getMetadata().getLabels().get("app")) && DeploymentPlayer.isReady(pod))
                .map(pod -> pod.getStatus().getPodIP())
                .toList();
        byte[] page = page(app, address, serving).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    private synchronized String page(String app, String address, List<String> serving) {
        Played pod = byAddress.computeIfAbsent(address, each -> new Played());
        follow(app, pod);
        mostHeld.merge(
                app,
                serving.stream()
                        .map(byAddress::get)
                        .filter(java.util.Objects::nonNull)
                        .mapToInt(each -> each.size + OUTSIDE)
                        .sum(),
                Math::max);
        Instant now = Instant.now();
        double seconds = Duration.between(pod.until, now).toNanos() / 1e9;
        pod.until = now;
        if (serving.contains(address)) {
            pod.requests += seconds * loads.getOrDefault(app, 10.0) / serving.size();
        }
        return """
                # TYPE http_server_request_duration_seconds histogram
                http_server_request_duration_seconds_bucket{route="/a",status="200",le="0.1"} %1$d
                http_server_request_duration_seconds_bucket{route="/a",status="200",le="+Inf"} %1$d
                http_server_request_duration_seconds_sum{route="/a",status="200"} %2$f
                db_client_operation_duration_seconds_bucket{statement="a",le="0.1"} %1$d
                db_client_operation_duration_seconds_bucket{statement="a",le="+Inf"} %1$d
                db_client_operation_duration_seconds_sum{statement="a"} %3$f
                db_client_connection_wait_seconds_bucket{le="+Inf"} %1$d
                db_client_connection_wait_seconds_sum 0
                http_server_shed_requests_total 0
                http_server_active_requests 1
                process_cpu_seconds_total %4$f
                process_start_time_seconds %5$f
                db_client_connections_max %6$d
                db_client_connections_generation %7$d
                db_client_connections_outside_pool %8$d
                """.formatted(
                        (long) pod.requests,
                        pod.requests * 0.05,
                        pod.requests * STATEMENT_SECONDS,
                        pod.requests * CORE_SECONDS,
                        pod.began.toEpochMilli() / 1000.0,
                        pod.size,
                        pod.generation,
                        OUTSIDE);
    }

    private void follow(String app, Played pod) {
        ConfigMap map = client.configMaps().withName(app + "-pool").get();
        if (map == null) {
            return;
        }
        try {
            Properties published = new Properties();
            published.load(new StringReader(map.getData().get("pool")));
            pod.generation = Long.parseLong(published.getProperty("generation"));
            pod.size = Integer.parseInt(published.getProperty("maximum-pool-size"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
