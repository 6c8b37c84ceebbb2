package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

class ContainerServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NOWHERE = "registry.invalid/postgres:18";

    @BeforeEach
    void requireContainers() {
        if (Backend.chosen() != Backend.CONTAINERS) {
            throw Skipped.because("it is about servers in containers", "TEST_BACKEND=containers");
        }
        ContainerServer.requireDocker();
    }

    /** Starts two servers, one of them frozen, and waits for its end. */
    static final class Program {
        public static void main(String[] args) throws IOException {
            TestPostgres.shared();
            TestRedis.server().suspend();
            System.out.println("session " + DockerClientFactory.SESSION_ID);
            System.in.read();
        }
    }

    @Test
    void aKilledJvmLeavesNoContainerAndNoVolume(@TempDir Path temporary) throws Exception {
        DockerClient docker = DockerClientFactory.instance().client();
        try (ChildJvm jvm = ChildJvm.run(temporary, Program.class)) {
            String session = jvm.readUntil("session ").replaceAll("(?s).*session |\\s+$", "");
            List<Container> servers = containers(docker, session);
            List<String> volumes = servers.stream()
                    .map(each -> docker.inspectContainerCmd(each.getId()).exec())
                    .flatMap(each -> mounts(each).stream().map(InspectContainerResponse.Mount::getName))
                    .toList();
            assertThat(servers).hasSize(2);

            jvm.signal("KILL");

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(containers(docker, session)).isEmpty();
                assertThat(docker.listVolumesCmd().exec().getVolumes())
                        .extracting(InspectVolumeResponse::getName)
                        .doesNotContainAnyElementsOf(volumes);
            });
        }
    }

    private static List<Container> containers(DockerClient docker, String session) {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, session))
                .exec();
    }

    private static List<InspectContainerResponse.Mount> mounts(InspectContainerResponse container) {
        return container.getMounts() == null ? List.of() : container.getMounts();
    }

    @Test
    void aSuspendedServerIsRemovedWhenItIsClosed() {
        RedisServer server = TestRedis.server();
        String id = ((ContainerServer) server).id();
        server.suspend();

        server.close();

        assertThat(DockerClientFactory.instance()
                        .client()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withIdFilter(List.of(id))
                        .exec())
                .isEmpty();
    }

    @Test
    void aPortThatSomebodyElseHasIsToldApart() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("0.0.0.0"))) {
            String image = System.getenv().getOrDefault("TEST_REDIS_IMAGE", "redis:8-alpine");
            assertThatThrownBy(() -> ContainerServer.redis(image, other.getLocalPort(), RedisOptions.defaults()))
                    .isInstanceOf(FreePort.AddressInUse.class);
        }
    }

    @Test
    void anImageThatCannotBeHadIsNamedAndTriedOnce() {
        assertThatThrownBy(() -> ContainerServer.requireImage(NOWHERE, "TEST_POSTGRES_IMAGE"))
                .hasMessageContainingAll(NOWHERE, "cannot be pulled", "TEST_POSTGRES_IMAGE", "leave TEST_BACKEND away");
        long before = System.nanoTime();
        assertThatThrownBy(() -> ContainerServer.requireImage(NOWHERE, "TEST_POSTGRES_IMAGE"))
                .hasMessageContaining("cannot be pulled");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    }

    /** A JVM of its own, because the first answer about Docker counts for all of one. */
    static final class WithoutDocker {
        public static void main(String[] args) {
            try {
                TestPostgres.shared();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whereNoDockerAnswersTheMessageSaysWhatToDo(@TempDir Path temporary) throws Exception {
        Map<String, String> nowhere = Map.of("DOCKER_HOST", "unix://" + temporary.resolve("nowhere.sock"));
        try (ChildJvm jvm = ChildJvm.run(temporary, nowhere, WithoutDocker.class)) {
            assertThat(jvm.readAll())
                    .contains("TEST_BACKEND=containers needs Docker", "leave TEST_BACKEND away to use the embedded");
        }
    }
}
