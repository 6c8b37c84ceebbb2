package dev.headroom.testkit;

import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Redis from a binary on the class path, on the leash of this JVM. */
final class EmbeddedRedis extends LeashedServer implements RedisServer {

    private final RedisOptions options;

    private EmbeddedRedis(int port, RedisOptions options) {
        super("Redis", temporaryFolder("redis"), true, port, "TERM");
        this.options = options;
    }

    static EmbeddedRedis onFreePort(RedisOptions options) {
        return FreePort.start(port -> onPort(port, options));
    }

    static EmbeddedRedis onPort(int port, RedisOptions options) {
        EmbeddedRedis redis = new EmbeddedRedis(port, options);
        redis.start();
        return redis;
    }

    @Override
    List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(Binaries.redis().toString()));
        command.addAll(List.of("--port", String.valueOf(port()), "--bind", HOST, "--dir", home.toString()));
        command.addAll(options.arguments());
        return command;
    }

    @Override
    boolean isReady(String output) {
        return output.contains("Ready to accept connections");
    }

    @Override
    public String url() {
        return options.url(HOST, port());
    }
}
