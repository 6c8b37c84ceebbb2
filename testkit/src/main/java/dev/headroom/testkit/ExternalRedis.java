package dev.headroom.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis that somebody else runs, given by {@code TEST_REDIS_URL}. Each test gets one of its numbered databases, emptied;
 * messages on its channels cross those borders, so tests must not take those of another for their own.
 */
record ExternalRedis(URI server, int database) implements RedisServer, ExternalServer {

    private static final int DATABASES = 16; // what Redis has unless told otherwise
    private static final AtomicInteger NEXT = new AtomicInteger();

    static RedisServer next(RedisOptions options) {
        if (!options.equals(RedisOptions.defaults())) {
            throw notOurs();
        }
        ExternalRedis redis = new ExternalRedis(address(System.getenv()), NEXT.getAndIncrement() % DATABASES);
        redis.clear();
        return redis;
    }

    static URI address(Map<String, String> environment) {
        String url = environment.getOrDefault("TEST_REDIS_URL", "");
        URI address = URI.create(url);
        if (!"redis".equals(address.getScheme()) || address.getHost() == null || address.getPort() < 0) {
            throw new IllegalStateException("TEST_BACKEND=external needs the address of a Redis, as in"
                    + " TEST_REDIS_URL=redis://:password@localhost:6379"
                    + (url.isEmpty() ? "" : "; this is none: " + url));
        }
        return address;
    }

    @Override
    public Skipped refusal() {
        return notOurs();
    }

    private static Skipped notOurs() {
        return Skipped.because(
                "it needs a Redis of its own to configure, restart, freeze or kill", "TEST_BACKEND=embedded");
    }

    private void clear() {
        String credentials = server.getUserInfo();
        List<String> commands = credentials == null
                ? List.of("SELECT " + database, "FLUSHDB")
                : List.of(
                        "AUTH " + credentials.substring(credentials.indexOf(':') + 1), "SELECT " + database, "FLUSHDB");
        try (Socket socket = new Socket(host(), port());
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String command : commands) {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
                String answer = answers.readLine();
                if (!"+OK".equals(answer)) {
                    throw new IOException(command.split(" ", 2)[0] + " was answered with " + answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("TEST_REDIS_URL=" + server, e);
        }
    }

    @Override
    public String host() {
        return server.getHost();
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public String url() {
        return server.resolve("/" + database).toString();
    }
}
