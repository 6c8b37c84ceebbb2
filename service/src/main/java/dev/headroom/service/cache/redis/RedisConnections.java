package dev.headroom.service.cache.redis;

import dev.headroom.service.settings.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.util.Pool;

/** Opens Redis the way the settings say. Every wait has a bound: for a connection, for its opening, for each answer. */
public final class RedisConnections {
    private RedisConnections() {}

    public static UnifiedJedis open(RedisSettings settings) {
        RedisSettings.Sentinel sentinel = settings.sentinel();
        if (!sentinel.nodes().isEmpty()) {
            return RedisSentinelClient.builder()
                    .masterName(sentinel.master())
                    .sentinels(nodes(sentinel.nodes()))
                    .sentinelClientConfig(client(settings, sentinel.user(), sentinel.password(), sentinel.tls())
                            .build())
                    .clientConfig(client(settings, settings.tls()).build())
                    .poolConfig(pool(settings))
                    .build();
        }
        if (!settings.clusterNodes().isEmpty()) {
            return RedisClusterClient.builder()
                    .nodes(nodes(settings.clusterNodes()))
                    .maxAttempts(2)
                    .maxTotalRetriesDuration(settings.readTimeout().multipliedBy(2))
                    .clientConfig(client(settings, settings.tls()).build())
                    .poolConfig(pool(settings))
                    .build();
        }
        RedisUrl url = RedisUrl.of(String.valueOf(settings.url()));
        var config = client(
                        settings,
                        url.user().orElse(settings.user()),
                        url.password().map(Secret::new).orElse(settings.password()),
                        settings.tls() || url.tls())
                .resp3()
                .database(url.database())
                .build();
        return RedisClient.builder()
                .connectionProvider(
                        new PooledConnectionProvider(new AddressedConnections(url.address(), config), pool(settings)))
                .clientConfig(config)
                .build();
    }

    /** Which server it is that is asked, for messages; of a cluster, some of its nodes. */
    public static String address(UnifiedJedis redis) {
        return switch (redis) {
            case RedisClient one
            when one.getPool().getFactory() instanceof AddressedConnections to -> to.address.toString();
            case RedisSentinelClient one -> String.valueOf(one.getCurrentMaster());
            case RedisClusterClient many ->
                RedisSettings.some(many.getClusterNodes().keySet());
            default -> "unknown";
        };
    }

    /** A client that was built does not tell any more where it connects to. */
    private static final class AddressedConnections extends ConnectionFactory {
        private final HostAndPort address;

        AddressedConnections(HostAndPort address, JedisClientConfig config) {
            super(address, config);
            this.address = address;
        }
    }

    /** Closes the connections that nobody uses at present. */
    public static void dropIdle(UnifiedJedis redis) {
        switch (redis) {
            case RedisClient one -> one.getPool().clear();
            case RedisSentinelClient one ->
                one.getPrimaryNodesConnectionMap().values().forEach(Pool::clear);
            case RedisClusterClient many -> many.getClusterNodes().values().forEach(Pool::clear);
            default -> {}
        }
    }

    private static Set<HostAndPort> nodes(List<String> nodes) {
        return nodes.stream().map(HostAndPort::from).collect(Collectors.toSet());
    }

    private static DefaultJedisClientConfig.Builder client(RedisSettings settings, boolean tls) {
        return client(settings, settings.user(), settings.password(), tls).resp3();
    }

    private static DefaultJedisClientConfig.Builder client(
            RedisSettings settings, @Nullable String user, @Nullable Secret password, boolean tls) {
        var client = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) settings.connectTimeout().toMillis())
                .socketTimeoutMillis((int) settings.readTimeout().toMillis())
                .clientName("headroom-service");
        if (password != null) {
            // Asked at each login, so that a new password needs no restart.
            client.credentialsProvider(() -> new DefaultRedisCredentials(user, password.value()));
        } else if (user != null) {
            client.user(user);
        }
        if (tls && settings.trustStore() != null) {
            trust(client, Path.of(settings.trustStore()), settings.trustStorePassword());
        } else if (tls) {
            client.sslOptions(
                    SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
        }
        return client;
    }

    /** {@link SslOptions} would read the file at each login too, but a login that finds none would fail. */
    @SuppressWarnings("deprecation")
    private static void trust(DefaultJedisClientConfig.Builder client, Path store, @Nullable Secret password) {
        client.ssl(true).sslSocketFactory(TrustedCertificates.sockets(store, password));
    }

    private static ConnectionPoolConfig pool(RedisSettings settings) {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(settings.poolSize());
        pool.setMaxIdle(settings.poolSize());
        pool.setMaxWait(settings.acquireTimeout());
        pool.setJmxEnabled(false);
        return pool;
    }
}
