package dev.headroom.testkit;

/** Redis for tests: a server starts in some 30 ms, so each test has one of its own, and may hurt it. */
public final class TestRedis {

    private TestRedis() {}

    public static RedisServer server() {
        return server(RedisOptions.defaults());
    }

    public static RedisServer server(RedisOptions options) {
        return switch (Backend.chosen()) {
            case EMBEDDED -> EmbeddedRedis.onFreePort(options);
            case CONTAINERS -> ContainerServer.redis(options);
            case EXTERNAL -> ExternalRedis.next(options);
        };
    }

    /** Three masters with all slots between them. */
    public static RedisCluster cluster() {
        requireEmbedded("its nodes must reach each other at the addresses that we reach them at");
        return new RedisCluster(RedisOptions.defaults());
    }

    /** A master, its replica and a Sentinel that watches them, with these lines more in its file. */
    public static RedisSentinel sentinel(String... configuration) {
        requireEmbedded("the Sentinel must reach its servers at the addresses that we reach them at");
        return RedisSentinel.start(RedisOptions.defaults(), configuration);
    }

    private static void requireEmbedded(String reason) {
        if (Backend.chosen() != Backend.EMBEDDED) {
            throw Skipped.because(reason, "TEST_BACKEND=embedded");
        }
    }
}
