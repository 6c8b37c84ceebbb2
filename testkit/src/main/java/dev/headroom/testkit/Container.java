package dev.headroom.testkit;

import com.github.dockerjava.api.DockerClient;
import dev.headroom.testkit.process.FreePort;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** An official image that a test may hurt. */
final class Container implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2); // with the pull of the image

    private final GenericContainer<?> container;
    private final int port;

    /**
     * @param password what the image wants in POSTGRES_PASSWORD; others do not look at it
     * @param readiness the line in its log that says it may be used, and how often that appears until it is true
     */
    Container(String image, int portInside, String password, List<String> command, String readiness, int times) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("TEST_BACKEND=containers needs Docker (or what DOCKER_HOST names), and none"
                    + " answers: start it, or leave TEST_BACKEND away to use the embedded servers");
        }
        this.port = FreePort.any();
        this.container = new GenericContainer<>(image)
                .withEnv("POSTGRES_PASSWORD", password)
                .withCommand(command.toArray(String[]::new))
                .waitingFor(Wait.forLogMessage(".*" + readiness + ".*\\s", times))
                .withStartupTimeout(PATIENCE);
        // A port chosen by Docker changes with each restart, and the addresses we hand out must not.
        container.setPortBindings(List.of(port + ":" + portInside));
        container.start();
    }

    static String image(String variable, String otherwise) {
        String image = System.getenv().getOrDefault(variable, "").strip();
        return image.isEmpty() ? otherwise : image;
    }

    String host() {
        return container.getHost();
    }

    int port() {
        return port;
    }

    void restart() {
        docker().restartContainerCmd(container.getContainerId()).exec();
    }

    void kill() {
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    void start() {
        docker().startContainerCmd(container.getContainerId()).exec();
    }

    void suspend() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }
}
