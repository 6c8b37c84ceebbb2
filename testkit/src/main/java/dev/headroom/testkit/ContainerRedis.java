package dev.headroom.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Redis, or Valkey, from an official image: {@code TEST_REDIS_IMAGE=valkey/valkey:8-alpine}. */
record ContainerRedis(Container container, RedisOptions options) implements RedisServer, ContainerServer {

    private static final int PORT = 6379;

    static ContainerRedis start(RedisOptions options) {
        String image = Container.image("TEST_REDIS_IMAGE", "redis:8-alpine");
        List<String> command = new ArrayList<>(List.of(image.contains("valkey") ? "valkey-server" : "redis-server"));
        command.addAll(options.arguments());
        return new ContainerRedis(new Container(image, PORT, "", command, "Ready to accept connections", 1), options);
    }

    @Override
    public String url() {
        return options.url(host(), port());
    }

    /** Be it that we must log in. */
    @Override
    public boolean answers() {
        try (Socket socket = new Socket(host(), port())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
