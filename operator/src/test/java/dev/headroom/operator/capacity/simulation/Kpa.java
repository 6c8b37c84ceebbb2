package dev.headroom.operator.capacity.simulation;

import java.util.ArrayDeque;

/**
 * Knative's pod autoscaler on concurrency, simplified: every 2 s, the average of 60 s, or of 6 s when that is twice what
 * the pods there are can bear (panic), in which nothing is scaled down; at most halved at a time.
 */
final class Kpa implements Autoscaler {
    private static final int TICK_SECONDS = 2;
    private static final int STABLE_SECONDS = 60;
    private static final int PANIC_SECONDS = 6;
    private static final double PANIC_THRESHOLD = 2;

    private final double targetConcurrency;
    private final ArrayDeque<Double> concurrency = new ArrayDeque<>();
    private double panicUntil = Double.NEGATIVE_INFINITY;
    private int panicReplicas;

    Kpa(double targetConcurrency) {
        this.targetConcurrency = targetConcurrency;
    }

    @Override
    public void second(SimulatedCluster cluster) {
        double inFlight = 0;
        for (SimulatedPod pod : cluster.readyPods()) {
            inFlight += pod.inFlight;
        }
        concurrency.add(inFlight);
        if (concurrency.size() > STABLE_SECONDS) {
            concurrency.poll();
        }
        if ((int) Math.round(cluster.now()) % TICK_SECONDS == 0) {
            decide(cluster);
        }
    }

    private void decide(SimulatedCluster cluster) {
        int ready = Math.max(cluster.readyPods().size(), 1);
        int stable = (int) Math.ceil(mean(STABLE_SECONDS) / targetConcurrency);
        int panic = (int) Math.ceil(mean(PANIC_SECONDS) / targetConcurrency);
        stable = Math.max(stable, ready / 2);
        if (panic / (double) ready >= PANIC_THRESHOLD) {
            panicUntil = cluster.now() + STABLE_SECONDS;
        }
        if (cluster.now() < panicUntil) {
            panicReplicas = Math.max(panicReplicas, panic);
            cluster.scale(Math.max(panicReplicas, cluster.replicas()));
        } else {
            panicReplicas = 0;
            cluster.scale(stable);
        }
    }

    private double mean(int seconds) {
        return concurrency.stream()
                .skip(Math.max(concurrency.size() - seconds, 0))
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }
}
