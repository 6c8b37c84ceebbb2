package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters, each with a third of the slots. */
public final class RedisCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisServer> masters = new ArrayList<>();

    RedisCluster(RedisOptions options) {
        RedisOptions each = options.directive("cluster-enabled", "yes").directive("cluster-node-timeout", 2000);
        try {
            for (int i = 0; i < MASTERS; i++) {
                masters.add(TestRedis.server(each));
            }
            join();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void join() {
        for (int i = 0; i < MASTERS; i++) {
            int first = i * SLOTS / MASTERS;
            int beyond = (i + 1) * SLOTS / MASTERS;
            List<String> slots =
                    IntStream.range(first, beyond).mapToObj(String::valueOf).toList();
            ask(
                    i,
                    Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots.stream())
                            .toList());
            RedisServer other = masters.get((i + 1) % MASTERS);
            ask(i, List.of("CLUSTER", "MEET", other.host(), String.valueOf(other.port())));
        }
        try {
            Await.until(
                    "the nodes of a Redis Cluster to find each other",
                    () -> IntStream.range(0, MASTERS)
                            .mapToObj(i -> ask(i, List.of("CLUSTER", "INFO")))
                            .allMatch(info ->
                                    info.contains("cluster_state:ok") && info.contains("cluster_size:" + MASTERS)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String ask(int master, List<String> command) {
        return RedisWire.ask(masters.get(master).host(), masters.get(master).port(), command);
    }

    /** Its nodes, to be hurt. */
    public List<RedisServer> masters() {
        return List.copyOf(masters);
    }

    /** {@code host:port} of each. */
    public List<String> nodes() {
        return masters.stream().map(node -> node.host() + ":" + node.port()).toList();
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
    }
}
