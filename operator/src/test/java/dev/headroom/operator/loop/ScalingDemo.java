package dev.headroom.operator.loop;

import dev.headroom.operator.crd.CapacityStatus.PoolStatus;
import dev.headroom.operator.loop.ScalingLoop.Moment;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.Cache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code make demo-scaling}: plays the loop in a terminal, a line a second, and says at the end what was seen. Ctrl-C ends this JVM
 * alone; the processes that it started are on its leash and end with it.
 */
public final class ScalingDemo {
    private static final Path FOLDER = Path.of("target/demo-scaling").toAbsolutePath();

    private final List<Moment> moments = new ArrayList<>();
    private String said = "";

    private ScalingDemo() {}

    public static void main(String[] arguments) throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            System.err.println("Each pod listens on an address of its own below 127.0.0.0/8, which only Linux has.");
            System.exit(1);
        }
        System.exit(new ScalingDemo().run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        Cache.delete(FOLDER);
        KubernetesServer server = KubernetesServer.ofThisRun();
        System.out.println("Starting PostgreSQL with " + ScalingLoop.MAX_CONNECTIONS
                + " connections, the operator and one pod of the service, which takes half a minute. Logs of the pods are in "
                + FOLDER + ", the operator's in " + FOLDER + "-operator.log");
        try (ScalingLoop loop = new ScalingLoop(server, server.client("demo-scaling"), FOLDER)) {
            loop.startOperator();
            Await.until("the first pod", () -> !loop.endpoints().isEmpty());
            LoadSchedule schedule = ScalingLoop.risingAndFalling();
            try (LoadGenerator load = new LoadGenerator(loop::endpoints, schedule)) {
                loop.watch(load, schedule.seconds(), this::show);
                load.stop();
                return summary(loop, load);
            }
        }
    }

    private void show(Moment now) {
        if (moments.size() % 20 == 0) {
            System.out.printf(
                    "%n%6s %10s %8s %12s %10s %11s %12s%n",
                    "time", "requests/s", "p95", "pods", "pool", "generation", "connections");
        }
        moments.add(now);
        System.out.printf(
                "%4.0f s %10d %5.0f ms %5d of %d %11d %11s %8d of %s%n",
                now.second(),
                now.lastSecond().requests(),
                now.lastSecond().p95Millis(),
                now.ready(),
                now.wanted(),
                now.poolSize(),
                now.pool().map(PoolStatus::generation).map(String::valueOf).orElse("-"),
                now.sessions().pods(),
                now.pool().map(PoolStatus::granted).map(String::valueOf).orElse("?"));
        if (!now.sentence().equals(said)) {
            said = now.sentence();
            System.out.println("       " + said);
        }
    }

    private boolean summary(ScalingLoop loop, LoadGenerator load) throws Exception {
        int budget = moments.stream()
                .flatMap(moment -> moment.pool().stream())
                .mapToInt(PoolStatus::granted)
                .min()
                .orElse(0);
        int most = loop.connections.mostOfPods();
        System.out.printf(
                "%n%d requests, %d failed. Pods: 1 to %d. Pool: %d to %d connections each. The pods never held more than %d"
                        + " connections of a budget of %d (%d looks at pg_stat_activity).%n",
                load.sent(),
                load.failures().size(),
                moments.stream().mapToInt(Moment::ready).max().orElse(0),
                moments.stream().mapToInt(Moment::poolSize).max().orElse(0),
                moments.stream()
                        .mapToInt(Moment::poolSize)
                        .filter(size -> size > 0)
                        .min()
                        .orElse(0),
                most,
                budget,
                loop.connections.samples());
        load.failures().stream().limit(5).forEach(System.out::println);
        return load.failures().isEmpty() && most <= budget;
    }
}
