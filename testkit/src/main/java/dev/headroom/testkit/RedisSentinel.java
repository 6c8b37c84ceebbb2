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
import java.util.List;

/** A Sentinel that watches a master and its replica, and makes the replica the master where the master is gone. */
public final class RedisSentinel implements AutoCloseable {

    /** The name by which the Sentinel is asked for the master. */
    public static final String MASTER = "headroom";

    private static final String HOST = "127.0.0.1";

    private final RedisServer master;
    private final RedisServer replica;
    private final Path home;
    private final int port;
    private Leash sentinel;

    RedisSentinel(RedisOptions options, String... configuration) {
        // A replica that has only just begun may be promoted as well: who tests does not wait for its first report.
        this.master = TestRedis.server(
                options.directive("repl-diskless-sync", "yes").directive("repl-diskless-sync-delay", 0));
        this.replica = TestRedis.server(options.directive("replicaof", HOST + " " + master.port()));
        try {
            this.home = Files.createTempDirectory("headroom-sentinel-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] listening = new int[1];
        this.sentinel = AddressInUse.tryPorts(FreePort::any, free -> {
            listening[0] = free;
            configure(free, configuration);
            return launch();
        });
        this.port = listening[0];
        awaitReplica();
    }

    private void configure(int free, String... more) {
        try {
            Files.writeString(home.resolve("sentinel.conf"), """
                    port %d
                    bind %s
                    dir %s
                    sentinel monitor %s %2$s %d 1
                    sentinel down-after-milliseconds %4$s 500
                    sentinel failover-timeout %4$s 3000
                    %6$s
                    """.formatted(
                            free, HOST, home, MASTER, master.port(), String.join("\n", more)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Leash launch() {
        Path log = home.resolve("sentinel.log");
        try {
            Files.deleteIfExists(log); // what is looked for in it is of this start
            Leash started = Leash.start(
                    List.of(
                            RedisBinary.file().toString(),
                            home.resolve("sentinel.conf").toString(),
                            "--sentinel"),
                    "TERM",
                    home,
                    log);
            Await.until("a Sentinel to watch, see " + log, () -> {
                String output = Files.exists(log) ? Files.readString(log) : "";
                if (!started.isRunning()) {
                    throw AddressInUse.orFailure("the Sentinel did not start:\n" + output);
                }
                return output.contains("+monitor master " + MASTER);
            });
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the Sentinel at once, and no server; {@link #start()} brings it back. */
    public void kill() {
        sentinel.signal("KILL");
        sentinel.awaitEnd();
    }

    /** Starts the Sentinel after a {@link #kill()}. */
    public void start() {
        sentinel = launch();
        awaitReplica();
    }

    private void awaitReplica() {
        try {
            Await.until("the Sentinel to know a replica that is in step", () -> {
                String known = RedisWire.ask(HOST, port, List.of("SENTINEL", "REPLICAS", MASTER));
                return known.contains("master-link-status\n$2\nok");
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code host:port} of the Sentinel. */
    public String node() {
        return HOST + ":" + port;
    }

    /** Who was the master at the start. */
    public RedisServer master() {
        return master;
    }

    /** Who was its replica at the start. */
    public RedisServer replica() {
        return replica;
    }

    @Override
    public void close() {
        sentinel.close();
        replica.close();
        master.close();
        try {
            Cache.delete(home); // the leash does so only for one that was running
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
