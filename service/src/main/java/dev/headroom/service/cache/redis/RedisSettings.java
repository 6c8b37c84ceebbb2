package dev.headroom.service.cache.redis;

import dev.headroom.service.settings.Secret;
import dev.headroom.service.settings.SettingsSection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
        Duration readTimeout,
        Duration slowCall) {
    private static final int NODES_NAMED = 5;

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

    public static Optional<RedisSettings> from(SettingsSection redis) {
        Sentinel sentinel = Sentinel.from(redis.section("sentinel"));
        List<String> sentinels = sentinel.nodes();
        List<String> cluster = redis.section("cluster").list("nodes", List.of());
        Optional<String> url = redis.text("url");
        url.filter(text -> !RedisUrl.isOne(text))
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
                redis.duration("read-timeout", Duration.ofMillis(100), shortest, longest),
                redis.duration("slow-call", Duration.ofMillis(25), shortest, longest));
        url.filter(RedisUrl::isOne).map(RedisUrl::of).ifPresent(given -> twice(redis, settings, given));
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

    /** What to give both of would leave open which one counts. */
    private static void twice(SettingsSection redis, RedisSettings settings, RedisUrl url) {
        if (url.user().isPresent() && settings.user() != null) {
            redis.problem("user", "redis.url holds a user as well: keep one of them");
        }
        if (url.password().isPresent() && settings.password() != null) {
            redis.problem(
                    "password",
                    "this or redis.password-file is given, and redis.url holds a password as well: keep one of them,"
                            + " best the file");
        }
    }

    /** For a connection, for its opening, and for an answer, which in a Cluster is asked for twice. */
    public Duration longestWait() {
        return acquireTimeout.plus(connectTimeout).plus(readTimeout.multipliedBy(3));
    }

    /** Where Redis is looked for, for messages. */
    public String address() {
        if (!sentinel.nodes().isEmpty()) {
            return sentinel.master() + " of the sentinels " + some(sentinel.nodes());
        }
        return clusterNodes.isEmpty() ? RedisUrl.of(String.valueOf(url)).toString() : some(clusterNodes);
    }

    static String some(Collection<String> nodes) {
        String first = nodes.stream().limit(NODES_NAMED).collect(Collectors.joining(", "));
        return nodes.size() > NODES_NAMED ? first + ", …" : first;
    }
}
