package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.ManualClock;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@KubernetesTest
class EventRecorderTest {

    private static final Instant START = Instant.parse(Resources.at(0));
    private static final Notice BLOCKED = Notice.warning("IndexBlocked", "ix waits for pid 7");

    @Test
    void theSameNoticeIsOneEventAnHour_andTheNextSaysHowOften(KubernetesClient client) {
        DbPerformance resource = in(client, "often");
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        ManualClock clock = new ManualClock(START);
        EventRecorder recorder = new EventRecorder(client, clock, metrics);
        for (int i = 0; i < 5; i++) {
            recorder.record(resource, BLOCKED);
            clock.advance(Duration.ofMinutes(10));
        }
        assertThat(events(client, "often"))
                .singleElement()
                .extracting(Event::getCount)
                .isEqualTo(1);
        clock.advance(Duration.ofMinutes(10));
        recorder.record(resource, BLOCKED);
        assertThat(events(client, "often")).extracting(Event::getCount).containsExactly(1, 5);
        assertThat(metrics.get("headroom.notices")
                        .tag("reason", "IndexBlocked")
                        .counter()
                        .count())
                .isEqualTo(6);
    }

    @Test
    void anotherMessageOrResourceIsAnEventOfItsOwn(KubernetesClient client) {
        EventRecorder recorder =
                new EventRecorder(client, Clock.fixed(START, ZoneOffset.UTC), new SimpleMeterRegistry());
        recorder.record(in(client, "one"), BLOCKED);
        recorder.record(in(client, "one"), Notice.warning("IndexBlocked", "ix waits for pid 8"));
        recorder.record(in(client, "two"), BLOCKED);
        assertThat(events(client, "one")).hasSize(2);
        assertThat(events(client, "two")).hasSize(1);
    }

    /** On a server of the test's own, since an API server that refuses once cannot be had otherwise. */
    @Test
    void anEventThatCouldNotBeWrittenIsWrittenWithTheNextNotice() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<String> written = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean allowed = asked.incrementAndGet() > 2;
            if (allowed) {
                written.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(allowed ? 201 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (KubernetesClient own = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withNamespace("shops")
                        .build())
                .build()) {
            EventRecorder recorder =
                    new EventRecorder(own, Clock.fixed(START, ZoneOffset.UTC), new SimpleMeterRegistry());
            DbPerformance resource = in(own, "refused");

            for (int i = 0; i < 4; i++) {
                recorder.record(resource, BLOCKED);
            }
        } finally {
            server.stop(0);
        }

        assertThat(asked).as("two refusals, then one that is written").hasValue(3);
        assertThat(written).singleElement().asString().contains("\"count\":3");
    }

    private static DbPerformance in(KubernetesClient client, String name) {
        DbPerformance resource = Resources.resource(name, "Apply", 1, "");
        resource.getMetadata().setNamespace(client.getNamespace());
        return resource;
    }

    private static List<Event> events(KubernetesClient client, String name) {
        return client.v1().events().list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(name))
                .sorted(Comparator.comparing(Event::getLastTimestamp))
                .toList();
    }
}
