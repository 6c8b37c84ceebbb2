package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.control.PoolConfigMap;
import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.capacity.control.Workloads;
import dev.headroom.operator.capacity.control.Workloads.Written;
import dev.headroom.operator.concern.ResourceId;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes to an API server that gives every request the same answer. */
class ClusterWorkloadsTest {

    private static final ResourceId SHOP = new ResourceId("prod", "shop", "uid");

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int answer = 200;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer server;
    private KubernetesClient client;
    private ClusterWorkloads workloads;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            requests.incrementAndGet();
            byte[] body =
                    "{\"kind\": \"Status\", \"code\": %d}".formatted(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        workloads = new ClusterWorkloads(client, "this");
        workloads.ledBy(Leadership.alone(new SimpleMeterRegistry()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"409, CONFLICT", "408, UNKNOWN", "429, UNKNOWN", "500, UNKNOWN", "503, UNKNOWN"})
    void whatAWriteCameToIsReadFromTheAnswer(int code, Written written) {
        answer = code;

        assertThat(publish()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"403, may not change configmaps", "422, refuses to change configmaps"})
    void aRefusalSaysWhatIsRefused(int code, String message) {
        answer = code;

        assertThatThrownBy(this::publish).isInstanceOf(Workloads.Refused.class).hasMessageContaining(message);
    }

    @Test
    void whereAnnotationsAreForbiddenTheyAreNotTriedForEachPodEachSecond() {
        answer = 403;

        for (int i = 0; i < 5; i++) {
            workloads.annotatePods(SHOP, pods(20), 7);
            await().until(() -> requests.get() > 0);
        }
        answer = 429; // the thread has ended when another one is let in
        workloads.annotatePods(new ResourceId("other", "shop", "uid-2"), pods(1), 7);
        await().until(() -> requests.get() > 1);

        assertThat(requests).hasValue(2);
    }

    @Test
    void aRoundOfAnnotationsIsNotBegunWhileOneIsUnderWay() {
        answer = 404; // each pod is gone already
        gate = new CountDownLatch(1);

        for (int i = 0; i < 50; i++) {
            workloads.annotatePods(SHOP, pods(100), 7);
        }
        gate.countDown();
        await().until(() -> requests.get() >= 100);

        assertThat(requests).hasValue(100);
    }

    private Written publish() {
        return workloads.publish(SHOP, PoolConfigMap.NONE, List.of(new Published(1, 2, Instant.EPOCH)), 1);
    }

    private static List<Target.Pod> pods(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Target.Pod(
                        "uid-" + i,
                        "shop-" + i,
                        List.of(),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Optional.empty(),
                        false,
                        false,
                        OptionalLong.empty()))
                .toList();
    }
}
