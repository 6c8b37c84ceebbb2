package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Concerns;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.ConnectionCount;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the status is fenced, against an API server that has a newer version of the resource. */
class DbPerformanceReconcilerTest {

    private final List<String> patches = new CopyOnWriteArrayList<>();
    private final DbPerformance resource = Resources.resource("one", "Apply", 1, "");
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (exchange.getRequestMethod().equals("PATCH")) {
                    patches.add(body);
                }
                byte[] answer =
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Conflict\",\"code\":409}"
                                .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(409, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        resource.getMetadata().setResourceVersion("41");
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aStatusIsWrittenOnTheVersionThatWasReadAndTriedAgainAfterAConflict() {
        UpdateControl<DbPerformance> control = reconciler(true).reconcile(resource, context());

        assertThat(patches).singleElement().asString().contains("\"resourceVersion\":\"41\"", "\"status\"");
        assertThat(control.getScheduleDelay()).contains(1000L);
    }

    @Test
    void whoDoesNotHoldTheLeaseWritesNothing() {
        UpdateControl<DbPerformance> control = reconciler(false).reconcile(resource, context());

        assertThat(patches).isEmpty();
        assertThat(control.getScheduleDelay()).contains(1000L);
    }

    @Test
    void aDeletionIsLeftToTheNextProcessWhenThisOneStops() {
        resource.getMetadata().setDeletionTimestamp(Resources.at(1));
        DbPerformanceReconciler reconciler = reconciler(true);
        reconciler.stopWork();

        DeleteControl control = reconciler.cleanup(resource, context());

        assertThat(control.isRemoveFinalizer()).isFalse();
        assertThat(control.getScheduleDelay()).contains(1000L);
    }

    private DbPerformanceReconciler reconciler(boolean leads) {
        MeterRegistry metrics = new SimpleMeterRegistry();
        return new DbPerformanceReconciler(
                client,
                new Concerns(List.of(new Satisfied()), Duration.ofMinutes(5), InstantSource.system(), () -> 0),
                List.of(),
                leads ? Leadership.alone(metrics) : Leadership.byLease(metrics, client, "prod", () -> {}),
                Clock.systemUTC(),
                metrics,
                new ConnectionCount(metrics),
                new DbPerformanceReconciler.Settings(Duration.ofMinutes(5), Duration.ofMinutes(5), AllowedHosts.NONE));
    }

    /** What the reconciler asks of JOSDK before it writes: a cache in which nothing else is. */
    @SuppressWarnings("unchecked")
    private static Context<DbPerformance> context() {
        IndexedResourceCache<DbPerformance> empty =
                answering(IndexedResourceCache.class, method -> method.equals("list") ? Stream.of() : List.of());
        return answering(Context.class, method -> empty);
    }

    private static <T> T answering(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.apply(method.getName())));
    }

    /** Always as declared. */
    private static final class Satisfied implements Concern<Concern.State> {
        @Override
        public List<String> conditions(DbPerformanceSpec spec) {
            return List.of("IndexesReady");
        }

        @Override
        public Mode mode(DbPerformanceSpec spec) {
            return Mode.APPLY;
        }

        @Override
        public State open(Clock clock) {
            return () -> {};
        }

        @Override
        public ConcernReport reconcile(Pass pass, State state) {
            return new ConcernReport(
                    Map.of("IndexesReady", Verdict.yes(Reason.INDEXES_VALID, "0 of 0 valid")),
                    status -> status,
                    List.of(),
                    true,
                    Duration.ofMinutes(5));
        }

        @Override
        public Cleanup cleanUp(Pass pass, State state) {
            return Cleanup.done("");
        }
    }
}
