package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
            String slots = IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(" "));
            RedisServer other = masters.get((i + 1) % MASTERS);
            ask(masters.get(i), "CLUSTER ADDSLOTS " + slots);
            ask(masters.get(i), "CLUSTER MEET " + other.host() + " " + other.port());
        }
        Await.until(
                "the nodes of a Redis Cluster to find each other",
                () -> masters.stream()
                        .map(node -> ask(node, "CLUSTER INFO"))
                        .allMatch(
                                info -> info.contains("cluster_state:ok") && info.contains("cluster_size:" + MASTERS)));
    }

    private static String ask(RedisServer node, String command) {
        return RedisServer.ask(node.host(), node.port(), command);
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
