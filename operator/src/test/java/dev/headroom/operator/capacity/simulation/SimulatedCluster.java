package dev.headroom.operator.capacity.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Single requests through pods and a database, event by event. A request arrives at the less busy of two random pods,
 * needs the core, then a connection, runs its statement, and reads its rows on the core while it holds the connection.
 * Arrivals and what each request costs are drawn from the seed alone, so every scaler meets the same requests.
 */
final class SimulatedCluster {
    private static final double SCHEDULE_SECONDS = 1;
    private static final int FIRST_HALF = 0;
    private static final int SECOND_HALF = 1;

    private final Workload workload;
    private final Workload.Route[] routes;
    private final Scenario scenario;
    private final Score score;
    private final SimulatedDatabase database;
    private final SplittableRandom arrivals;
    private final SplittableRandom costs;
    private final SplittableRandom choice;
    private final SplittableRandom starts;

    private final List<SimulatedPod> pods = new ArrayList<>();
    private SimulatedPod[] serving = new SimulatedPod[0];
    private final EventHeap cores = new EventHeap();
    private final EventHeap locks = new EventHeap();

    private SimulatedPod[] podOf = new SimulatedPod[4096];
    private double[] arrivedAt = new double[4096];
    private double[] queuedAt = new double[4096];
    private double[] secondCpu = new double[4096];
    private double[] statementWork = new double[4096];
    private byte[] routeOf = new byte[4096];
    private byte[] phase = new byte[4096];
    private int[] free = new int[4096];
    private int freeCount;

    private double now;
    private int replicas;
    private int names;
    private int publishedPool;
    private long generation;
    private double publishedAt = Double.NEGATIVE_INFINITY;
    private boolean rolling;

    SimulatedCluster(Workload workload, Scenario scenario, long seed, int replicas, int pool) {
        this.workload = workload;
        this.routes = workload.routes().toArray(Workload.Route[]::new);
        this.scenario = scenario;
        this.score = new Score(workload, scenario.seconds());
        this.database = new SimulatedDatabase(workload.databaseCores(), 0.05, 0.0003);
        SplittableRandom root = new SplittableRandom(seed * 7919 + 17);
        arrivals = root.split();
        costs = root.split();
        choice = root.split();
        starts = root.split();
        this.replicas = replicas;
        this.publishedPool = pool;
        for (int i = 0; i < podOf.length; i++) {
            free[freeCount++] = i;
        }
        for (int i = 0; i < replicas; i++) {
            create().readyAt = 0;
        }
        serve();
    }

    /** Runs the trace; the scaler is called each second. */
    Score run(Autoscaler scaler) {
        double end = scenario.seconds();
        double nextSecond = 1;
        double nextArrival = nextArrival();
        while (now < end) {
            double statement = Math.min(database.nextEnd(), locks.next());
            double next = Math.min(Math.min(nextArrival, statement), Math.min(cores.next(), nextSecond));
            now = next;
            if (next == nextArrival) {
                arrive();
                nextArrival = nextArrival();
            } else if (next == cores.next()) {
                coreDone(cores.remove());
            } else if (next == statement) {
                statementDone(locks.next() <= database.nextEnd() ? locks.remove() : database.end(now));
            } else {
                second(scaler);
                nextSecond += 1;
            }
        }
        return score;
    }

    // What scalers see and do.

    double now() {
        return now;
    }

    List<SimulatedPod> pods() {
        return pods;
    }

    List<SimulatedPod> readyPods() {
        return List.of(serving);
    }

    Workload workload() {
        return workload;
    }

    Score score() {
        return score;
    }

    int replicas() {
        return replicas;
    }

    int waitingForLocks() {
        return locks.size();
    }

    int databaseActive() {
        return database.active();
    }

    boolean isRolling() {
        return rolling;
    }

    /** Whether this pod's metrics cannot be read at this moment. */
    boolean isScrapeLost(SimulatedPod pod) {
        return scenario.isScrapeLost(now, pod.number);
    }

    void scale(int wanted) {
        int bounded = Math.clamp(wanted, workload.minReplicas(), workload.maxReplicas());
        if (bounded != replicas) {
            score.scaled(now, replicas, bounded, scenario.isDatabaseBound(now, workload));
            replicas = bounded;
        }
    }

    /** The ConfigMap: each pod reads it after a delay, a new pod when it starts. */
    void publish(int size, long newGeneration) {
        publishedPool = size;
        generation = newGeneration;
        publishedAt = now;
    }

    // The cluster itself, once a second.

    private void second(Autoscaler scaler) {
        database.slowDown(now, scenario.databaseSlowdown(now));
        if (scenario.rolloutBegins(now)) {
            rolling = true;
        }
        pods.removeIf(pod -> pod.terminating && pod.inFlight == 0);
        followReplicas();
        readPoolSizes();
        serve();
        int connections = 0;
        int living = 0;
        for (SimulatedPod pod : pods) {
            connections += pod.connections(now);
            living += pod.terminating ? 0 : 1;
        }
        score.second(now, living, connections, scenario.isDatabaseBound(now, workload));
        scaler.second(this);
    }

    private SimulatedPod create() {
        SimulatedPod pod = new SimulatedPod(names++, now, scenario.isNewVersion(now), routes.length);
        double startUp = workload.startUpSeconds() * (0.85 + 0.35 * starts.nextDouble());
        pod.readyAt = now + SCHEDULE_SECONDS + startUp;
        pod.poolSize = publishedPool;
        pod.generation = generation;
        pods.add(pod);
        return pod;
    }

    private void followReplicas() {
        int living = (int) pods.stream().filter(pod -> !pod.terminating).count();
        int surge = rolling ? Math.max(replicas / 4, 1) : 0;
        while (living < replicas + surge && (living < replicas || oldest() != null)) {
            create();
            living++;
        }
        while (living > replicas + surge) {
            terminate(
                    rolling && oldest() != null
                            ? oldest()
                            : pods.stream()
                                    .filter(pod -> !pod.terminating)
                                    .reduce((first, second) -> second)
                                    .orElseThrow());
            living--;
        }
        if (rolling) {
            long available = pods.stream().filter(pod -> pod.ready(now)).count();
            while (available > replicas && oldest() != null) {
                terminate(oldest());
                available--;
            }
            rolling = oldest() != null;
        }
    }

    private SimulatedPod oldest() {
        return pods.stream()
                .filter(pod -> !pod.terminating && pod.newVersion != scenario.isNewVersion(now))
                .findFirst()
                .orElse(null);
    }

    private static void terminate(SimulatedPod pod) {
        pod.terminating = true;
    }

    private void readPoolSizes() {
        if (now < publishedAt + 1) {
            return;
        }
        for (SimulatedPod pod : pods) {
            if (pod.generation != generation) {
                pod.generation = generation;
                pod.poolSize = publishedPool;
                giveConnections(pod);
            }
        }
    }

    private void serve() {
        serving = pods.stream().filter(pod -> pod.ready(now)).toArray(SimulatedPod[]::new);
    }

    // Requests.

    private double nextArrival() {
        double needed = -Math.log(1 - arrivals.nextDouble());
        double at = now;
        while (at < scenario.seconds()) {
            double rate = scenario.rate(at);
            double second = Math.floor(at) + 1;
            double here = rate * (second - at);
            if (here >= needed) {
                return at + needed / rate;
            }
            needed -= here;
            at = second;
        }
        return Double.POSITIVE_INFINITY;
    }

    private void arrive() {
        double kind = costs.nextDouble();
        int route = 0;
        while (route < routes.length - 1 && kind >= route(route).weight()) {
            kind -= route(route).weight();
            route++;
        }
        double cpu = route(route).cpu() * (0.4 - 0.6 * Math.log(1 - costs.nextDouble()));
        double statement = route(route).statement() * (0.3 - 0.7 * Math.log(1 - costs.nextDouble()));
        if (serving.length == 0) {
            score.shed();
            return;
        }
        SimulatedPod one = serving[choice.nextInt(serving.length)];
        SimulatedPod other = serving[choice.nextInt(serving.length)];
        SimulatedPod pod = one.inFlight <= other.inFlight ? one : other;
        if (pod.inFlight >= workload.shedAbove()) {
            pod.shed++;
            score.shed();
            return;
        }
        cpu *= scenario.cpuFactor(pod.newVersion);
        if (now < pod.readyAt + workload.warmUpSeconds() && pod.readyAt > 0) {
            cpu *= workload.warmUp();
        }
        int request = take();
        podOf[request] = pod;
        arrivedAt[request] = now;
        routeOf[request] = (byte) route;
        secondCpu[request] = cpu * (1 - workload.beforeStatement());
        statementWork[request] = statement;
        phase[request] = FIRST_HALF;
        pod.inFlight++;
        pod.run(now, cpu * workload.beforeStatement());
        cores.add(pod.coreFreeAt, request);
    }

    private Workload.Route route(int number) {
        return routes[number];
    }

    private int take() {
        if (freeCount == 0) {
            int size = podOf.length;
            podOf = Arrays.copyOf(podOf, 2 * size);
            arrivedAt = Arrays.copyOf(arrivedAt, 2 * size);
            queuedAt = Arrays.copyOf(queuedAt, 2 * size);
            secondCpu = Arrays.copyOf(secondCpu, 2 * size);
            statementWork = Arrays.copyOf(statementWork, 2 * size);
            routeOf = Arrays.copyOf(routeOf, 2 * size);
            phase = Arrays.copyOf(phase, 2 * size);
            free = new int[2 * size];
            for (int i = size; i < 2 * size; i++) {
                free[freeCount++] = i;
            }
        }
        return free[--freeCount];
    }

    private void coreDone(int request) {
        SimulatedPod pod = podOf[request];
        if (phase[request] == FIRST_HALF) {
            queuedAt[request] = now;
            if (pod.active < pod.poolSize && pod.waiting.isEmpty()) {
                giveConnection(pod, request);
            } else {
                pod.waiting.add(request);
            }
            return;
        }
        double seconds = now - arrivedAt[request];
        pod.recordRequest(routeOf[request], seconds);
        score.completed(seconds);
        pod.inFlight--;
        pod.active--;
        podOf[request] = null;
        free[freeCount++] = request;
        giveConnections(pod);
    }

    private void giveConnections(SimulatedPod pod) {
        while (pod.active < pod.poolSize && !pod.waiting.isEmpty()) {
            giveConnection(pod, pod.waiting.poll());
        }
    }

    private void giveConnection(SimulatedPod pod, int request) {
        pod.active++;
        pod.recordWait(now - queuedAt[request]);
        queuedAt[request] = now;
        double lock = scenario.lockSeconds(now, routeOf[request], workload);
        if (lock > 0) {
            locks.add(now + lock * -Math.log(1 - choice.nextDouble()), request);
        } else {
            database.begin(now, statementWork[request], request);
        }
    }

    /** The pod notices the first rows when its core is free again: that wait counts as part of the statement. */
    private void statementDone(int request) {
        SimulatedPod pod = podOf[request];
        phase[request] = SECOND_HALF;
        double begins = pod.run(now, secondCpu[request]);
        pod.recordStatement(routeOf[request], begins - queuedAt[request]);
        cores.add(pod.coreFreeAt, request);
    }
}
