package dev.headroom.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** A server from an official image, of any version. */
abstract class ContainerServer implements TestServer {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SHARED_MEMORY =
            256L << 20; // Docker's 64 MB are too few for the workers of parallel queries

    /** Why an image cannot be had; empty for one that can. Each test would try a pull that fails again. */
    private static final Map<String, Optional<String>> IMAGES = new ConcurrentHashMap<>();

    private final String image;
    private final GenericContainer<?> container;
    private final String host;
    private final int port;

    private ContainerServer(String image, int port, int portInside, List<String> command) {
        this.image = image;
        this.port = port;
        // Not localhost: that may be ::1 first. A Docker elsewhere, or beside the container we are in, has another
        // address.
        String address = DockerClientFactory.instance().dockerHostIpAddress();
        boolean local = address.equals("localhost") || address.startsWith("127.");
        this.host = local ? LeashedServer.HOST : address;
        this.container = new GenericContainer<>(image)
                .withCommand(command.toArray(String[]::new))
                .withSharedMemorySize(SHARED_MEMORY)
                .waitingFor(new AbstractWaitStrategy() {
                    @Override
                    protected void waitUntilReady() {} // we do, and look whether it still runs
                });
        // A port chosen by Docker changes with each restart, and the addresses we hand out must not.
        container.setPortBindings(List.of((local ? host + ":" : "") + port + ":" + portInside));
    }

    /** {@code TEST_POSTGRES_IMAGE=postgres:14-alpine}, for example. */
    static PostgresServer postgres(PostgresOptions options) {
        String image = image("TEST_POSTGRES_IMAGE", "postgres:18-alpine");
        return FreePort.start(port -> started(new Postgres(image, port, options)));
    }

    /** Redis, or Valkey: {@code TEST_REDIS_IMAGE=valkey/valkey:8-alpine}. */
    static RedisServer redis(RedisOptions options) {
        String image = image("TEST_REDIS_IMAGE", "redis:8-alpine");
        return FreePort.start(port -> redis(image, port, options));
    }

    /** @throws FreePort.AddressInUse when somebody else listens on that port */
    static RedisServer redis(String image, int port, RedisOptions options) {
        return started(new Redis(image, port, options));
    }

    private static String image(String variable, String otherwise) {
        String named = System.getenv().getOrDefault(variable, "").strip();
        String image = named.isEmpty() ? otherwise : named;
        requireDocker();
        requireImage(image, variable);
        return image;
    }

    static void requireDocker() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("TEST_BACKEND=containers needs Docker (or what DOCKER_HOST names), and none"
                    + " answers: start it, or leave TEST_BACKEND away to use the embedded servers");
        }
    }

    /** Pulls it, unless this machine has it. */
    static void requireImage(String image, String variable) {
        IMAGES.computeIfAbsent(image, ContainerServer::pullFailure).ifPresent(reason -> {
            throw new IllegalStateException(
                    "TEST_BACKEND=containers needs the image " + image + ", which is not on this"
                            + " machine and cannot be pulled (" + reason + "): docker load it, or name another one by "
                            + variable
                            + ", or leave TEST_BACKEND away to use the embedded servers");
        });
    }

    /** One attempt, where Testcontainers makes them for minutes; a registry's mirror and logins are those of Testcontainers. */
    private static Optional<String> pullFailure(String image) {
        DockerClient docker = DockerClientFactory.instance().client();
        DockerImageName name = ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
        try {
            docker.inspectImageCmd(name.asCanonicalNameString()).exec();
            return Optional.empty();
        } catch (NotFoundException e) {
            // to be pulled
        }
        try {
            docker.pullImageCmd(name.getUnversionedPart())
                    .withTag(name.getVersionPart())
                    .start()
                    .awaitCompletion();
            return Optional.empty();
        } catch (DockerException | DockerClientException e) {
            return Optional.of(String.valueOf(e.getMessage()).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pulling " + image, e);
        }
    }

    private static <T extends ContainerServer> T started(T server) {
        ContainerReaper.watch();
        try {
            server.create();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    final void create() {
        try {
            container.start();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                String message = String.valueOf(cause.getMessage());
                if (message.contains("port is already allocated") || message.contains("address already in use")) {
                    throw new FreePort.AddressInUse(message);
                }
            }
            throw e;
        }
        awaitAnswers();
    }

    /** Asked again and again: Docker's proxy accepts connections before the server does. */
    abstract boolean answers();

    private void awaitAnswers() {
        boolean ready = Await.within(PATIENCE, () -> {
            if (!isRunning()) {
                throw new IllegalStateException(image + " did not start:\n" + container.getLogs());
            }
            return answers();
        });
        if (!ready) {
            throw new IllegalStateException(
                    image + " does not answer after " + PATIENCE.toSeconds() + " s:\n" + container.getLogs());
        }
    }

    private boolean isRunning() {
        return Boolean.TRUE.equals(docker().inspectContainerCmd(container.getContainerId())
                .exec()
                .getState()
                .getRunning());
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void restart() {
        docker().restartContainerCmd(container.getContainerId()).exec();
        awaitAnswers();
    }

    /** Docker answers when it has sent the signal. */
    @Override
    public void kill() {
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
        Await.until("the killed container to end", () -> !isRunning());
    }

    @Override
    public void start() {
        docker().startContainerCmd(container.getContainerId()).exec();
        awaitAnswers();
    }

    @Override
    public void suspend() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Removes the container with its volumes, be it paused. */
    @Override
    public void close() {
        container.stop();
    }

    /** Runs a line of shell in the container. */
    final void shell(String line) {
        try {
            var result = container.execInContainer("sh", "-c", line);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(line + " in the container: " + result.getStderr());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + line, e);
        }
    }

    /** The container's id, for who asks Docker about it. */
    final @Nullable String id() {
        return container.getContainerId();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private static final class Postgres extends ContainerServer implements PostgresServer {
        private final String password;

        Postgres(String image, int port, PostgresOptions options) {
            super(image, port, 5432, command(options));
            super.container.withEnv("POSTGRES_PASSWORD", options.password());
            this.password = options.password();
        }

        private static List<String> command(PostgresOptions options) {
            List<String> command = new ArrayList<>(List.of("postgres"));
            options.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
            return command;
        }

        @Override
        public String user() {
            return "postgres";
        }

        @Override
        public String password() {
            return password;
        }

        /** The shell's own kill: slim images have no other one. */
        @Override
        public void signal(String name, long pid) {
            shell("kill -s " + name + " " + pid);
        }

        /** By TCP, where the server that only runs the scripts of the image does not listen. */
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

        Redis(String image, int port, RedisOptions options) {
            super(image, port, 6379, command(image, options));
            this.options = options;
        }

        private static List<String> command(String image, RedisOptions options) {
            List<String> command =
                    new ArrayList<>(List.of(image.contains("valkey") ? "valkey-server" : "redis-server"));
            command.addAll(
                    List.of("--protected-mode", "no")); // as official images are built: we come from another address
            command.addAll(options.arguments());
            return command;
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
