package dev.headroom.service.cache.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import redis.clients.jedis.HostAndPort;

/** What {@code redis.url} says: a number may follow as the database; a user and a password may come before the host. */
record RedisUrl(HostAndPort address, boolean tls, int database, Optional<String> user, Optional<String> password) {
    private static final int STANDARD_PORT = 6379;

    /** Of a text that {@link #isOne}. */
    static RedisUrl of(String text) {
        URI uri = URI.create(text);
        String[] userAndPassword =
                uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
        String path = uri.getPath() == null ? "" : uri.getPath().replace("/", "");
        return new RedisUrl(
                new HostAndPort(uri.getHost(), uri.getPort() < 0 ? STANDARD_PORT : uri.getPort()),
                "rediss".equals(uri.getScheme()),
                path.isEmpty() ? 0 : Integer.parseInt(path),
                at(0, userAndPassword),
                at(1, userAndPassword));
    }

    private static Optional<String> at(int place, String... parts) {
        return place < parts.length && !parts[place].isEmpty() ? Optional.of(parts[place]) : Optional.empty();
    }

    static boolean isOne(String text) {
        try {
            URI uri = new URI(text);
            return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && String.valueOf(uri.getPath()).matches("/?|/\\d{1,4}");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return address.toString();
    }
}
