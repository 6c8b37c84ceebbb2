package dev.headroom.testkit;

import dev.headroom.testkit.process.AddressInUse;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.Cache;
import dev.headroom.testkit.process.FreePort;
import dev.headroom.testkit.process.Leash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Redis from a binary on the class path, on the leash of this JVM. */
final class EmbeddedRedis implements RedisServer {

    private static final String HOST = "127.0.0.1";

    private final Path home;
    private final int port;
    private final RedisOptions options;
    private Leash leash;

    private EmbeddedRedis(int port, RedisOptions options) throws IOException {
        this.home = Files.createTempDirectory("headroom-redis-");
        this.port = port;
        this.options = options;
        this.leash = launch();
    }

    static EmbeddedRedis onFreePort(RedisOptions options) {
        return AddressInUse.tryPorts(FreePort::any, port -> onPort(port, options));
    }

    static EmbeddedRedis onPort(int port, RedisOptions options) {
        try {
            return new EmbeddedRedis(port, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Leash launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(RedisBinary.file().toString()));
        command.addAll(List.of("--port", String.valueOf(port), "--bind", HOST, "--dir", home.toString()));
        command.addAll(options.arguments());
        Files.deleteIfExists(log()); // what is looked for in it is of this start
        Leash started = Leash.start(command, "TERM", home, log());
        // Its log, not a PING: whoever else listens on our port is not mistaken for our server.
        Await.until("Redis to accept connections, see " + log(), () -> {
            String output = Files.exists(log()) ? Files.readString(log()) : "";
            if (!started.isRunning()) {
                Cache.delete(home);
                throw AddressInUse.orFailure("Redis did not start on port " + port + ":\n" + output);
            }
            return output.contains("Ready to accept connections");
        });
        return started;
    }

    private Path log() {
        return home.resolve("redis.log");
    }

    @Override
    public void start() {
        try {
            leash = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        leash.signal("TERM");
        leash.awaitEnd();
        start();
    }

    @Override
    public void kill() {
        leash.signal("KILL");
        leash.awaitEnd();
    }

    @Override
    public void suspend() {
        leash.signal("STOP");
    }

    @Override
    public void resume() {
        leash.signal("CONT");
    }

    @Override
    public void close() {
        leash.close();
        try {
            Cache.delete(home); // the leash does so only for a server that was running
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String url() {
        return options.url(HOST, port);
    }
}
