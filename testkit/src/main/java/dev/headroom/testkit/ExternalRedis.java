package dev.headroom.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis that somebody else runs, given by {@code TEST_REDIS_URL}. Each test gets one of its 16 databases, emptied;
 * messages on its channels cross those borders, so tests must not take those of another for their own.
 */
record ExternalRedis(URI server, int database) implements RedisServer {

    private static final AtomicInteger NEXT = new AtomicInteger();

    static RedisServer next(RedisOptions options) {
        if (!options.equals(RedisOptions.defaults())) {
            throw NOT_OURS.get();
        }
        ExternalRedis redis = new ExternalRedis(address(System.getenv()), NEXT.getAndIncrement() % 16);
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

    private void clear() {
        List<String> commands = new ArrayList<>(List.of("SELECT " + database, "FLUSHDB"));
        String credentials = server.getUserInfo();
        if (credentials != null) {
            commands.addFirst("AUTH " + credentials.substring(credentials.indexOf(':') + 1));
        }
        String answer = RedisServer.ask(host(), port(), commands.toArray(String[]::new));
        if (!answer.equals("+OK\n".repeat(commands.size()))) {
            throw new IllegalStateException("TEST_REDIS_URL=" + server + " could not be emptied: " + answer);
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
