package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Redis, or Valkey, from an official image: {@code TEST_REDIS_IMAGE=valkey/valkey:8-alpine}. */
record ContainerRedis(Container container, RedisOptions options) implements RedisServer {

    private static final int PORT = 6379;

    static ContainerRedis start(RedisOptions options) {
        String image = Container.image("TEST_REDIS_IMAGE", "redis:8-alpine");
        List<String> command = new ArrayList<>(List.of(image.contains("valkey") ? "valkey-server" : "redis-server"));
        command.addAll(options.arguments());
        return new ContainerRedis(new Container(image, PORT, "", command, "Ready to accept connections", 1), options);
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
    public String url() {
        return options.url(host(), port());
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
            Await.until("Redis in its container to accept connections", this::answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Docker's proxy accepts connections before Redis does, so only an answer counts, be it that we must log in. */
    private boolean answers() {
        try (Socket socket = new Socket(host(), port())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
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
