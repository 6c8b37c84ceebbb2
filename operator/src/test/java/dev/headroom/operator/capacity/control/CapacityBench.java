package dev.headroom.operator.capacity.control;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import dev.headroom.operator.capacity.Budget;
import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.BudgetLedger;
import dev.headroom.operator.capacity.ReplicaScaler;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.capacity.control.CapacityPlan.Allotment;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.PodMetrics;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.DbPerformance.Pauses;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.MetricsSpec;
import dev.headroom.testkit.process.Await;
import dev.headroom.testkit.process.FreePort;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What capacity costs the operator: {@code decide} reads the pages of 200 pods with 60 routes and decides on them; {@code collect PORT
 * PODS SECONDS} asks pods each 15 s and decides, and prints the processor time of this process; {@code serve PORT ROUTES} plays the pods,
 * in a process of its own, with the page of the service where ROUTES is 0.
 */
final class CapacityBench {

    private static final double[] BOUNDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };
    private static final Instant BEGIN = Instant.parse("2026-11-30T10:00:00Z");
    private static final int STATEMENTS = 20;

    private final Measurements measured = new Measurements();
    private final ReplicaScaler scaler = new ReplicaScaler(ScalingPolicy.defaults(2, 400, 95, 0.2));
    private final ResourceView resource = new ResourceView(
            new ResourceId("prod", "shop", "uid"),
            Serialization.unmarshal("""
                    database: {credentialsSecretRef: {name: db}}
                    target: {name: shop}
                    objective: {request: {under: 200ms}}
                    pool: {minPerReplica: 2, maxPerReplica: 10}
                    replicas: {min: 2, max: 400}
                    """, DbPerformanceSpec.class),
            null,
            BEGIN,
            null,
            Pauses.NONE);
    private final Target target;

    private CapacityBench(int pods) {
        target = new Target(
                "uid",
                "1",
                pods,
                new Target.RolloutLimits(
                        new Target.RolloutLimits.Amount(0, 25), new Target.RolloutLimits.Amount(0, 25)),
                false,
                OptionalDouble.empty(),
                Optional.empty(),
                IntStream.range(0, pods)
                        .mapToObj(i -> new Target.Pod(
                                "uid-" + i,
                                "shop-" + i,
                                List.of("127.0.0.1"),
                                BEGIN,
                                BEGIN,
                                Optional.of(BEGIN),
                                true,
                                false,
                                OptionalLong.empty()))
                        .toList());
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "decide" -> new CapacityBench(200).decide(60);
            case "serve" -> serve(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            default ->
                new CapacityBench(Integer.parseInt(arguments[2]))
                        .collect(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3]));
        }
    }

    private void decide(int routes) throws Exception {
        int rounds = 40;
        double[] parsing = new double[rounds];
        double[] deciding = new double[rounds];
        Step step = null;
        int size = 0;
        for (int round = 0; round < rounds; round++) {
            String page = page(routes, round + 1);
            size = page.length();
            Instant now = BEGIN.plusSeconds(15L * (round + 1));
            Map<String, MetricsPage> pages = new HashMap<>();
            long began = System.nanoTime();
            for (Target.Pod pod : target.pods()) {
                pages.put(pod.uid(), MetricsPage.of(page, MetricsSpec.Names.DEFAULT, pod.uid(), now));
            }
            long read = System.nanoTime();
            step = decide(new Answers(pages, Map.of()), now);
            parsing[round] = (read - began) / 1e6;
            deciding[round] = (System.nanoTime() - read) / 1e6;
        }
        System.out.printf(
                "200 pods x %d routes x %d buckets and %d statements, %d KB a page: reading all pages %s, window and decision %s"
                        + " (promised 50 ms): %s%n",
                routes,
                BOUNDS.length,
                STATEMENTS,
                size >> 10,
                inWords(parsing),
                inWords(deciding),
                step.getClass().getSimpleName());
    }

    /** All that a pass does with the pages of a round but reads and writes of the cluster. */
    private Step decide(Answers answers, Instant now) {
        measured.add(answers, target, now);
        Optional<ScrapeWindow> window =
                measured.nextWindow(Duration.ofSeconds(15), target, now, OptionalInt.empty(), false);
        int wanted = window.map(each -> scaler.decide(new ReplicaScaler.Observation(
                                now,
                                target.replicas(),
                                (int) target.ready(),
                                (int) target.starting(),
                                target.startUp(now),
                                false,
                                each,
                                1,
                                ReplicaScaler.DatabaseLoad.UNKNOWN,
                                400,
                                ReplicaScaler.Allowed.BOTH))
                        .replicas())
                .orElse(target.replicas());
        CapacityPlan plan = new CapacityPlan(resource, target, PoolConfigMap.NONE, measured, true, now);
        Budget budget = Budget.of("1", List.of(Limit.server(5000, 3, 0, OptionalInt.of(20))), 10, 4);
        Allotment allotment = new Allotment(
                budget,
                BudgetLedger.divide(budget.connections(), List.of(plan.claim()))
                        .values()
                        .iterator()
                        .next());
        return plan.step(allotment, wanted, plan.size(allotment, wanted).perPod());
    }

    private static String inWords(double[] millis) {
        double[] warm = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
        Arrays.sort(warm);
        return "%.1f ms (at most %.1f, the first %.0f)"
                .formatted(warm[warm.length / 2], warm[warm.length - 1], millis[0]);
    }

    private void collect(int port, int seconds) throws Exception {
        MetricsSpec spec =
                new MetricsSpec(MetricsSpec.Source.PODS, port, "/metrics", "15s", null, MetricsSpec.Names.DEFAULT);
        PodMetrics metrics = new PodMetrics(PodMetrics.client(), spec, Clock.systemUTC());
        Await.until("the played pods", () -> !FreePort.isFree(port));
        for (int i = 0; i < 10; i++) {
            round(metrics); // the compiler has seen it, as in an operator that runs for a while
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long began = System.nanoTime();
        int rounds = seconds / 15;
        for (int i = 0; i < rounds; i++) {
            round(metrics);
            TimeUnit.NANOSECONDS.sleep(began + (i + 1) * 15_000_000_000L - System.nanoTime());
        }
        double used = (system.getProcessCpuTime() - cpu) / 1e9;
        double wall = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d pods each 15 s for %.0f s: %.2f s of processor time, %.2f %% of a core (promised 2)%n",
                target.replicas(), wall, used, 100 * used / wall);
    }

    private void round(PodMetrics metrics) throws InterruptedException {
        Answers answers = metrics.scrape(target.addresses());
        if (!answers.failures().isEmpty()) {
            throw new IllegalStateException(answers.failures().toString());
        }
        decide(answers, Instant.now());
    }

    private static void serve(int port, int routes) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        server.setExecutor(Executors.newFixedThreadPool(4));
        long began = System.nanoTime();
        server.createContext("/metrics", exchange -> {
            int seconds = (int) ((System.nanoTime() - began) / 1_000_000_000L);
            byte[] page = page(routes, seconds + 1).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    /** The service's own page; with routes, these and 20 statements in place of its own. */
    private static String page(int routes, int round) throws IOException {
        String service = Files.readString(Path.of("docs/contract/metrics.txt"));
        if (routes == 0) {
            return service;
        }
        List<String> lines = new ArrayList<>();
        service.lines()
                .filter(line -> !line.startsWith(MetricsSpec.Names.DEFAULT.requests())
                        && !line.startsWith(MetricsSpec.Names.DEFAULT.statements()))
                .forEach(lines::add);
        for (int i = 0; i < routes; i++) {
            histogram(
                    MetricsSpec.Names.DEFAULT.requests(),
                    "route=\"/route-" + i + "/{id}\",method=\"GET\",status=\"200\"",
                    round,
                    lines);
        }
        for (int i = 0; i < STATEMENTS; i++) {
            histogram(MetricsSpec.Names.DEFAULT.statements(), "statement=\"shop.statement_" + i + "\"", round, lines);
        }
        return String.join("\n", lines) + "\n";
    }

    private static void histogram(String name, String labels, int round, List<String> lines) {
        for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
            String bound = Double.isInfinite(BOUNDS[bucket]) ? "+Inf" : String.valueOf(BOUNDS[bucket]);
            lines.add(name + "_bucket{" + labels + ",le=\"" + bound + "\"} " + 17L * round * (bucket + 1));
        }
        lines.add(name + "_sum{" + labels + "} " + 0.731 * round);
        lines.add(name + "_count{" + labels + "} " + 17L * round * BOUNDS.length);
    }
}
