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
            case CONTAINERS -> ContainerRedis.start(options);
            case EXTERNAL -> ExternalRedis.next(options);
        };
    }
}
