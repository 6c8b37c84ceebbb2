package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL from the official image, of any version: {@code TEST_POSTGRES_IMAGE=postgres:14-alpine}. */
record ContainerPostgres(Container container, String password) implements PostgresServer {

    private static final int PORT = 5432;

    static ContainerPostgres start(PostgresOptions options) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        options.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        String image = Container.image("TEST_POSTGRES_IMAGE", "postgres:18-alpine");
        // The image starts it once to run its scripts, and then for good.
        String ready = "database system is ready to accept connections";
        return new ContainerPostgres(
                new Container(image, PORT, options.password(), command, ready, 2), options.password());
    }

    @Override
    public String host() {
        return container.host();
    }

    @Override
    public int port() {
        return container.port();
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public void restart() {
        container.restart();
        awaitReady();
    }

    @Override
    public void kill() {
        container.kill();
    }

    @Override
    public void start() {
        container.start();
        awaitReady();
    }

    private void awaitReady() {
        try {
            Await.until("PostgreSQL in its container to accept connections", () -> {
                try (Connection connection = connect("postgres")) {
                    return connection.isValid(1);
                } catch (SQLException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void suspend() {
        container.suspend();
    }

    @Override
    public void resume() {
        container.resume();
    }

    @Override
    public void close() {
        container.close();
    }
}
