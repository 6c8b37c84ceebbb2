package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Sentinel that watches a master and its replica, and makes the replica the master where the master is gone. */
public final class RedisSentinel extends LeashedServer {

    /** The name by which the Sentinel is asked for the master. */
    public static final String MASTER = "headroom";

    private final RedisServer master;
    private final RedisServer replica;
    private final String configuration;

    private RedisSentinel(RedisServer master, RedisServer replica, String configuration, int port) {
        super("Sentinel", temporaryFolder("sentinel"), true, port, "TERM");
        this.master = master;
        this.replica = replica;
        this.configuration = configuration;
    }

    static RedisSentinel start(RedisOptions options, String... configuration) {
        // A replica that has only just begun may be promoted as well: who tests does not wait for its first report.
        RedisServer master = TestRedis.server(
                options.directive("repl-diskless-sync", "yes").directive("repl-diskless-sync-delay", 0));
        RedisServer replica = TestRedis.server(options.directive("replicaof", HOST + " " + master.port()));
        return FreePort.start(port -> {
            var sentinel = new RedisSentinel(master, replica, String.join("\n", configuration), port);
            sentinel.start();
            return sentinel;
        });
    }

    /** The Sentinel writes what it learns into its file, which is therefore written once. */
    @Override
    List<String> command() throws IOException {
        Path file = home.resolve("sentinel.conf");
        if (!Files.exists(file)) {
            Files.writeString(file, """
                    port %d
                    bind %s
                    dir %s
                    sentinel monitor %s %2$s %d 1
                    sentinel down-after-milliseconds %4$s 500
                    sentinel failover-timeout %4$s 3000
                    %6$s
                    """.formatted(port(), HOST, home, MASTER, master.port(), configuration));
        }
        return List.of(Binaries.redis().toString(), file.toString(), "--sentinel");
    }

    @Override
    boolean isReady(String output) {
        return output.contains("+monitor master " + MASTER);
    }

    @Override
    public void start() {
        super.start();
        Await.until(
                "the Sentinel to know a replica that is in step",
                () -> RedisServer.ask(HOST, port(), "SENTINEL REPLICAS " + MASTER)
                        .contains("master-link-status\n$2\nok"));
    }

    /** {@code host:port} of the Sentinel. */
    public String node() {
        return HOST + ":" + port();
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
        super.close();
        replica.close();
        master.close();
    }
}
