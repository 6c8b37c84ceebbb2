package dev.headroom.testkit;

import com.github.dockerjava.api.DockerClient;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A server from an official image, of any version. */
abstract class ContainerServer implements TestServer {

    private static final Duration PATIENCE = Duration.ofMinutes(2); // with the pull of the image

    private final GenericContainer<?> container;
    private final int port = FreePort.any();

    /**
     * @param password what the image wants in POSTGRES_PASSWORD; others do not look at it
     * @param readiness the line in its log that says it may be used, and how often that appears until it is true
     */
    private ContainerServer(
            String image, int portInside, String password, List<String> command, String readiness, int times) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("TEST_BACKEND=containers needs Docker (or what DOCKER_HOST names), and none"
                    + " answers: start it, or leave TEST_BACKEND away to use the embedded servers");
        }
        this.container = new GenericContainer<>(image)
                .withEnv("POSTGRES_PASSWORD", password)
                .withCommand(command.toArray(String[]::new))
                .waitingFor(Wait.forLogMessage(".*" + readiness + ".*\\s", times))
                .withStartupTimeout(PATIENCE);
        // A port chosen by Docker changes with each restart, and the addresses we hand out must not.
        container.setPortBindings(List.of(port + ":" + portInside));
        container.start();
    }

    /** {@code TEST_POSTGRES_IMAGE=postgres:14-alpine}, for example. */
    static PostgresServer postgres(PostgresOptions options) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        options.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return new Postgres(image("TEST_POSTGRES_IMAGE", "postgres:18-alpine"), command, options.password());
    }

    /** Redis, or Valkey: {@code TEST_REDIS_IMAGE=valkey/valkey:8-alpine}. */
    static RedisServer redis(RedisOptions options) {
        String image = image("TEST_REDIS_IMAGE", "redis:8-alpine");
        List<String> command = new ArrayList<>(List.of(image.contains("valkey") ? "valkey-server" : "redis-server"));
        command.addAll(options.arguments());
        return new Redis(image, command, options);
    }

    private static String image(String variable, String otherwise) {
        String image = System.getenv().getOrDefault(variable, "").strip();
        return image.isEmpty() ? otherwise : image;
    }

    /** Whether it answers: Docker's proxy accepts connections before the server does. */
    abstract boolean answers();

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void restart() {
        docker().restartContainerCmd(container.getContainerId()).exec();
        Await.until("the server in its container to answer", this::answers);
    }

    @Override
    public void kill() {
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    @Override
    public void start() {
        docker().startContainerCmd(container.getContainerId()).exec();
        Await.until("the server in its container to answer", this::answers);
    }

    @Override
    public void suspend() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private static final class Postgres extends ContainerServer implements PostgresServer {
        private final String password;

        Postgres(String image, List<String> command, String password) {
            // The image starts it once to run its scripts, and then for good.
            super(image, 5432, password, command, "database system is ready to accept connections", 2);
            this.password = password;
        }

        @Override
        public String user() {
            return "postgres";
        }

        @Override
        public String password() {
            return password;
        }

        @Override
        boolean answers() {
            try (Connection connection = connect("postgres")) {
                return connection.isValid(1);
            } catch (SQLException e) {
                return false;
            }
        }
    }

    private static final class Redis extends ContainerServer implements RedisServer {
        private final RedisOptions options;

        Redis(String image, List<String> command, RedisOptions options) {
            super(image, 6379, "", command, "Ready to accept connections", 1);
            this.options = options;
        }

        @Override
        public String url() {
            return options.url(host(), port());
        }

        /** Be it that we must log in. */
        @Override
        boolean answers() {
            try {
                return !RedisServer.ask(host(), port(), "PING").isEmpty();
            } catch (UncheckedIOException e) {
                return false;
            }
        }
    }
}
