package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KubernetesTest
class SecretWatchesTest {

    private static final Path SOCKETS = Path.of("/proc/self/net/tcp");
    private static final int MANY = 300;

    private final Queue<ResourceID> woken = new ConcurrentLinkedQueue<>();
    private KubernetesClient client;

    /** As the operator's: watches are plain HTTP, where the API server is a real one; that in this JVM refuses them. */
    @BeforeEach
    void connect(KubernetesServer server, KubernetesClient admin) {
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(server.admin())
                        .withNamespace(admin.getNamespace())
                        .withOnlyHttpWatches(server.kind() != KubernetesServer.Kind.IN_PROCESS)
                        .withHttp2Disable(true)
                        .build())
                .build();
    }

    @Test
    void aChangeWakesWhoFollows_oncePerVersion_andNobodyWhoLeft() {
        String version = write("db", "old");
        try (SecretWatches watches = new SecretWatches(client, woken::add)) {
            watches.follow(id("one"), Set.of(id("db")));
            watches.follow(id("two"), Set.of(id("db")));
            watches.read(id("db"), version);

            String next = write("db", "new");
            await().until(() -> woken.contains(id("one")) && woken.contains(id("two")));
            watches.read(id("db"), next);
            watches.follow(id("two"), Set.of());
            woken.clear();
            write("db", "newer");
            await().until(() -> woken.contains(id("one")));
            assertThat(woken).doesNotContain(id("two"));
        }
    }

    @Test
    void whatChangedBetweenTheWatchAndTheReadIsSeen() {
        String stale = write("raced", "old");
        try (SecretWatches watches = new SecretWatches(client, woken::add)) {
            watches.follow(id("one"), Set.of(id("raced")));
            String fresh = write("raced", "new");
            await().untilAsserted(() -> {
                watches.read(id("raced"), stale);
                watches.read(id("raced"), stale);
                assertThat(woken).contains(id("one"));
            });
            assertThat(fresh).isNotEqualTo(stale);
        }
    }

    @Test
    void hundredsOfSecretsAreWatchedOverAFewConnections(KubernetesServer server) throws Exception {
        server.requireRealApi("it is about connections to an API server that speaks HTTP/2");
        int before = connections(server);
        try (SecretWatches watches = new SecretWatches(client, woken::add)) {
            for (int i = 0; i < MANY; i++) {
                String version = write("s" + i, "old");
                watches.follow(id("r" + i), Set.of(id("s" + i)));
                watches.read(id("s" + i), version);
            }
            if (Files.isReadable(SOCKETS)) {
                assertThat(connections(server) - before).isLessThan(20);
            }
            write("s0", "new");
            write("s" + (MANY - 1), "new");
            await().until(() -> woken.contains(id("r0")) && woken.contains(id("r" + (MANY - 1))));
            for (int i = 0; i < MANY; i++) {
                watches.follow(id("r" + i), Set.of());
            }
            if (Files.isReadable(SOCKETS)) {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(connections(server) - before)
                                .as("connections that nobody needs any more")
                                .isLessThan(5));
            }
        }
    }

    private String write(String name, String password) {
        return client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(client.getNamespace())
                        .endMetadata()
                        .withStringData(Map.of("password", password))
                        .build())
                .createOr(existing -> existing.update())
                .getMetadata()
                .getResourceVersion();
    }

    private ResourceID id(String name) {
        return new ResourceID(name, client.getNamespace());
    }

    /** Established ones from this machine to the API server: remote address, then state 01. */
    private static int connections(KubernetesServer server) throws IOException {
        String port = ":"
                + String.format(
                        Locale.ROOT,
                        "%04X",
                        URI.create(server.admin().getMasterUrl()).getPort());
        return (int) Files.readAllLines(SOCKETS).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 3 && fields[2].endsWith(port) && fields[3].equals("01"))
                .count();
    }
}
