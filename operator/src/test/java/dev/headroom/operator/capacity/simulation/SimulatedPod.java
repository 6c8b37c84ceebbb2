package dev.headroom.operator.capacity.simulation;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PodScrape;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** One pod: a core that serves in order of arrival, a pool with its queue, and the counters that its metrics page shows. */
final class SimulatedPod {
    /** The bounds of our service's histograms. */
    private static final double[] BOUNDS = {
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.125,
        0.15,
        0.2,
        0.25,
        0.3,
        0.4,
        0.5,
        0.75,
        1,
        2.5,
        5,
        10,
        30,
        Double.POSITIVE_INFINITY
    };

    final int number;
    final double createdAt;
    final boolean newVersion;
    double readyAt = Double.POSITIVE_INFINITY;
    boolean terminating;

    double coreFreeAt;
    private double work;

    int poolSize;
    long generation;
    int active;
    final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    int inFlight;
    long shed;

    private final int[][] requests;
    private final double[] requestSums;
    private final int[][] statements;
    private final double[] statementSums;
    private final int[] waits = new int[BOUNDS.length];
    private double waitSum;

    SimulatedPod(int number, double createdAt, boolean newVersion, int routes) {
        this.number = number;
        this.createdAt = createdAt;
        this.newVersion = newVersion;
        requests = new int[routes][BOUNDS.length];
        requestSums = new double[routes];
        statements = new int[routes][BOUNDS.length];
        statementSums = new double[routes];
    }

    boolean ready(double now) {
        return !terminating && now >= readyAt;
    }

    /** Queues work on the core and returns when it begins. */
    double run(double now, double seconds) {
        double begins = Math.max(now, coreFreeAt);
        coreFreeAt = begins + seconds;
        work += seconds;
        return begins;
    }

    /** Processor seconds used until now. */
    double cpuSeconds(double now) {
        return work - Math.max(coreFreeAt - now, 0);
    }

    /** Connections that are open: the pool keeps them all, and closes what is over its size as soon as it is free. */
    int connections(double now) {
        return now >= readyAt ? Math.max(poolSize, active) : 0;
    }

    void recordRequest(int route, double seconds) {
        requests[route][bucket(seconds)]++;
        requestSums[route] += seconds;
    }

    void recordStatement(int route, double seconds) {
        statements[route][bucket(seconds)]++;
        statementSums[route] += seconds;
    }

    void recordWait(double seconds) {
        waits[bucket(seconds)]++;
        waitSum += seconds;
    }

    private static int bucket(double seconds) {
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    PodScrape scrape(double now) {
        Map<String, LatencyHistogram> byRoute = new HashMap<>();
        Map<String, LatencyHistogram> byStatement = new HashMap<>();
        for (int route = 0; route < requests.length; route++) {
            byRoute.put("/route" + route, histogram(requests[route], requestSums[route]));
            byStatement.put("statement" + route, histogram(statements[route], statementSums[route]));
        }
        return new PodScrape(
                "pod-" + number,
                instant(now),
                instant(readyAt),
                byRoute,
                byStatement,
                Optional.of(histogram(waits, waitSum)),
                Optional.empty(),
                OptionalDouble.of(cpuSeconds(now)),
                OptionalDouble.of((double) shed),
                OptionalDouble.of((double) shed),
                OptionalDouble.of((double) shed),
                OptionalInt.of(inFlight),
                Set.of());
    }

    private static LatencyHistogram histogram(int[] counts, double sum) {
        double[] cumulative = new double[counts.length];
        double total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i];
            cumulative[i] = total;
        }
        return LatencyHistogram.of(BOUNDS, cumulative, sum).orElseThrow();
    }

    static Instant instant(double seconds) {
        return Instant.ofEpochSecond(1_000_000).plusNanos((long) (seconds * 1e9));
    }
}
