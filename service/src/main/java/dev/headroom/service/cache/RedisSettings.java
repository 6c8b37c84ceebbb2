package dev.headroom.service.cache;

import dev.headroom.service.settings.Secret;
import dev.headroom.service.settings.SettingsSection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis (or Valkey) is. One of {@code url}, {@code sentinel.nodes} and {@code cluster.nodes}; none means that the
 * service runs on its own level alone.
 */
public record RedisSettings(
        @Nullable String url,
        Sentinel sentinel,
        List<String> clusterNodes,
        @Nullable String user,
        @Nullable Secret password,
        boolean tls,
        @Nullable String trustStore,
        @Nullable Secret trustStorePassword,
        int poolSize,
        Duration acquireTimeout,
        Duration connectTimeout,
        Duration readTimeout) {

    /**
     * Who knows where Redis is at present; they have users of their own.
     *
     * @param nodes empty where there are none
     */
    record Sentinel(
            List<String> nodes,
            String master,
            @Nullable String user,
            @Nullable Secret password,
            boolean tls) {
        static Sentinel from(SettingsSection sentinel) {
            return new Sentinel(
                    sentinel.list("nodes", List.of()),
                    sentinel.text("master", "mymaster"),
                    sentinel.text("user").orElse(null),
                    sentinel.secret("password").orElse(null),
                    sentinel.flag("tls", false));
        }
    }

    static Optional<RedisSettings> from(SettingsSection redis) {
        Sentinel sentinel = Sentinel.from(redis.section("sentinel"));
        List<String> sentinels = sentinel.nodes();
        List<String> cluster = redis.section("cluster").list("nodes", List.of());
        Optional<String> url = redis.text("url");
        url.filter(text -> !isUrl(text))
                .ifPresent(text -> redis.problem("url", "expected redis://host:port or rediss://host:port"));
        Duration shortest = Duration.ofMillis(1);
        Duration longest = Duration.ofSeconds(5);
        var settings = new RedisSettings(
                url.orElse(null),
                sentinel,
                cluster,
                redis.text("user").orElse(null),
                redis.secret("password").orElse(null),
                redis.flag("tls", false),
                redis.text("trust-store").orElse(null),
                redis.secret("trust-store-password").orElse(null),
                redis.integer("pool-size", 16, 1, 1000),
                redis.duration("acquire-timeout", Duration.ofMillis(50), shortest, longest),
                redis.duration("connect-timeout", Duration.ofMillis(100), shortest, longest),
                redis.duration("read-timeout", Duration.ofMillis(100), shortest, longest));
        int ways = (url.isPresent() ? 1 : 0) + (sentinels.isEmpty() ? 0 : 1) + (cluster.isEmpty() ? 0 : 1);
        if (ways > 1) {
            redis.problem("url", "give one of url, sentinel.nodes and cluster.nodes");
        }
        (sentinels.isEmpty() ? cluster : sentinels)
                .stream()
                        .filter(node -> !node.matches(".+:\\d{1,5}"))
                        .forEach(node -> redis.problem(
                                sentinels.isEmpty() ? "cluster.nodes" : "sentinel.nodes",
                                "expected host:port, got \"" + node + "\""));
        return ways == 0 ? Optional.empty() : Optional.of(settings);
    }

    /** A number may follow as the database; a user and a password may come before the host. */
    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && String.valueOf(uri.getPath()).matches("/?|/\\d{1,4}");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
