package dev.headroom.operator.capacity.simulation;

import dev.headroom.operator.capacity.Budget;
import dev.headroom.operator.capacity.ConnectionUse;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.capacity.PoolSizer;
import dev.headroom.operator.capacity.ReplicaScaler;
import dev.headroom.operator.capacity.ReplicaScaler.Allowed;
import dev.headroom.operator.capacity.ReplicaScaler.Cause;
import dev.headroom.operator.capacity.ReplicaScaler.DatabaseLoad;
import dev.headroom.operator.capacity.ScalingModel;
import dev.headroom.operator.capacity.ScalingPolicy;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.Sequencer;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Situation;
import dev.headroom.operator.capacity.Sequencer.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The operator's loop with its real decisions: scrape, decide, and one step of the sequencer, which takes a second to
 * arrive; while a transition is under way there is a pass each second.
 */
final class HeadroomLoop implements Autoscaler {
    private static final int MIN_POOL = 2;
    private static final int MAX_POOL = 20;

    private final Workload workload;
    private final ReplicaScaler scaler;
    private final PoolSizer sizer = new PoolSizer(MIN_POOL, MAX_POOL);
    private final ConnectionUse use = new ConnectionUse();
    private final boolean verbose;
    private final Map<String, PodScrape> lastScrapes = new HashMap<>();
    private List<Published> history = List.of();
    private int wanted;
    private String sentence = "";

    HeadroomLoop(Workload workload, ScalingModel model, boolean verbose) {
        this.workload = workload;
        this.verbose = verbose;
        scaler = new ReplicaScaler(
                ScalingPolicy.defaults(
                        workload.minReplicas(),
                        workload.maxReplicas(),
                        workload.objectivePercent(),
                        workload.objectiveSeconds()),
                model);
    }

    @Override
    public void second(SimulatedCluster cluster) {
        wanted = wanted == 0 ? cluster.replicas() : wanted;
        boolean scrape = (int) Math.round(cluster.now()) % (int) workload.scrapeSeconds() == 0;
        if (scrape) {
            decide(cluster);
        }
        if (scrape || wanted != cluster.replicas()) {
            sequence(cluster);
        }
    }

    private void decide(SimulatedCluster cluster) {
        List<PodScrape> scrapes = new ArrayList<>();
        for (SimulatedPod pod : cluster.readyPods()) {
            if (!cluster.isScrapeLost(pod)) {
                scrapes.add(pod.scrape(cluster.now()));
            }
        }
        int ready = cluster.readyPods().size();
        ScrapeWindow window = ScrapeWindow.between(lastScrapes, scrapes, ready);
        scrapes.forEach(scrape -> lastScrapes.put(scrape.pod(), scrape));
        int living =
                (int) cluster.pods().stream().filter(pod -> !pod.terminating).count();
        int ceiling = Budget.podsThatFit(workload.budget(), MIN_POOL, 0) * 2 / 3;
        ReplicaScaler.Decision decision = scaler.decide(new ReplicaScaler.Observation(
                SimulatedPod.instant(cluster.now()),
                cluster.replicas(),
                ready,
                Math.max(living - ready, 0),
                cluster.pods().stream()
                        .filter(pod -> pod.readyAt > cluster.now() - workload.scrapeSeconds()
                                && pod.readyAt <= cluster.now()
                                && pod.readyAt > 0)
                        .mapToDouble(pod -> pod.readyAt - pod.createdAt)
                        .average(),
                cluster.isRolling(),
                window,
                1,
                new DatabaseLoad(
                        OptionalInt.of(cluster.databaseActive()), OptionalInt.of(workload.databaseCores()), false),
                ceiling,
                Allowed.BOTH));
        wanted = decision.replicas();
        if (verbose && (wanted != cluster.replicas() || !decision.sentence().startsWith(sentence))) {
            System.err.printf("%6.0f %s%n", cluster.now(), decision.sentence());
            sentence = decision.sentence()
                    .substring(0, Math.min(decision.sentence().length(), 10));
        }
        use.learn(
                window,
                decision.cause() == Cause.DATABASE_BOUND && cluster.databaseActive() >= workload.databaseCores(),
                OptionalInt.of(PoolSizer.usefulSessions(workload.databaseCores(), cluster.waitingForLocks())));
    }

    private void sequence(SimulatedCluster cluster) {
        Instant now = SimulatedPod.instant(cluster.now());
        int surge = Math.max(cluster.replicas() / 4, 1);
        List<Sequencer.Pod> pods = cluster.pods().stream()
                .map(pod -> new Sequencer.Pod(
                        "pod-" + pod.number,
                        SimulatedPod.instant(pod.createdAt),
                        pod.terminating,
                        pod.ready(cluster.now()) && !cluster.isScrapeLost(pod)
                                ? OptionalLong.of(pod.generation)
                                : OptionalLong.empty(),
                        OptionalInt.empty()))
                .toList();
        Situation situation = new Situation(
                now, true, workload.budget(), 0, MIN_POOL, MIN_POOL, cluster.replicas(), surge, 0, pods, history);
        int size = sizer.size(
                        workload.budget(),
                        situation.mostPods(Math.max(wanted, cluster.replicas())),
                        Math.max(Math.min(cluster.readyPods().size(), wanted), 1),
                        0,
                        use.demand(),
                        history.isEmpty()
                                ? OptionalInt.empty()
                                : OptionalInt.of(history.getLast().size()))
                .perPod();
        switch (Sequencer.next(situation, wanted, size)) {
            case Step.Scale scale -> cluster.scale(scale.replicas());
            case Step.Publish publish -> {
                history = publish.history();
                cluster.publish(publish.current().size(), publish.current().generation());
            }
            case Step.Hold hold -> {
                if (verbose && wanted != cluster.replicas()) {
                    System.err.printf("%6.0f %s%n", cluster.now(), hold.reason());
                }
            }
            case Step.Fence _ -> throw new IllegalStateException("nobody else leads here");
        }
    }
}
