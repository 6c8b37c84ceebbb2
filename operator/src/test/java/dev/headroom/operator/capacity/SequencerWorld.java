package dev.headroom.operator.capacity;

import dev.headroom.operator.capacity.Sequencer.Pod;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Situation;
import dev.headroom.operator.capacity.Sequencer.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/**
 * A cluster as the sequencer's rules see it: a Deployment and a ConfigMap with resource versions, pods that read sizes
 * late or not at all, scrapes that get lost, and operators that are killed between reading and writing, or replaced while
 * they believe to lead. The ConfigMap is mounted before the image is pulled, so that a container may start with a size of long
 * ago; connections too many come back some time after a smaller size was read. In some worlds the pods follow no file at all, in
 * some they do not tell their size. Time passes in steps of half a second.
 */
final class SequencerWorld {
    private static final int SURGE = 1;
    private static final int UNAVAILABLE = 1;
    private static final int OUTSIDE = 2;
    private static final int UNMANAGED = 4;
    private static final int MIN_POOL = 2;
    private static final int MAX_POOL = 40;
    private static final int START_STEPS = 16;
    private static final int LONGEST_PULL_STEPS = 60;
    private static final int DRAIN_STEPS = 8;
    private static final int GRACE_STEPS = 8;
    private static final int STALE_STEPS = 3;
    private static final int WRITE_STEPS = 4;
    private static final int SYNC_STEPS = 60;
    private static final long NEVER = Long.MAX_VALUE;

    private static final class LivingPod {
        String name = "";
        long createdAt;
        long mountedAt;
        boolean mounted;
        Published mount = new Published(0, UNMANAGED, Instant.EPOCH);
        long startedAt;
        boolean restarted;
        long readAt;
        boolean newVersion;
        long endsAt = NEVER;
        boolean replaced;
        long generation = -1;
        int size;
        int surplus;
        long drainsAt = NEVER;
        long nextSync = NEVER;
        OptionalLong scraped = OptionalLong.empty();
        OptionalInt scrapedSize = OptionalInt.empty();

        boolean terminating() {
            return endsAt != NEVER;
        }

        int connections() {
            return generation < 0 ? 0 : size + surplus + OUTSIDE;
        }

        /** The most that it has or will have without another look at the ConfigMap. */
        int largest() {
            return generation < 0 ? mounted ? mount.size() : 0 : size + surplus;
        }

        void take(long itsGeneration, int itsSize, long drained) {
            if (generation >= 0 && size + surplus > itsSize) {
                surplus = size + surplus - itsSize;
                drainsAt = drained;
            } else {
                surplus = 0;
            }
            generation = itsGeneration;
            size = itsSize;
        }
    }

    /** An operator between its reads and its write; {@code epoch} is its term of the lease. */
    private static final class Leader {
        final long epoch;
        boolean fenced;
        boolean touchedDeployment;
        Step pending = new Step.Hold("");
        long deploymentVersion;
        long mapVersion;
        int decidedBudget;
        long writesAt = NEVER;

        Leader(long epoch) {
            this.epoch = epoch;
        }
    }

    private final Random chance;
    private final boolean disturbed;
    private final boolean followed;
    private final boolean sizeTold;
    private final List<LivingPod> pods = new ArrayList<>();
    private final List<Leader> leaders = new ArrayList<>();
    private final List<List<Published>> maps = new ArrayList<>(); // by step, for stale reads
    private List<Published> map = List.of();
    private long now = 1000;
    private long names;
    private long epochs = 1;
    private long deploymentVersion = 1;
    private long deploymentEpoch;
    private long mapVersion = 1;
    private long mapEpoch;
    private int replicas;
    private int wanted;
    private int load = 100;
    private int budget;
    private boolean rolling;
    private boolean rolled;
    private boolean calm;
    private boolean raisedWhileOver;

    SequencerWorld(Random chance, boolean disturbed) {
        this.chance = chance;
        this.disturbed = disturbed;
        followed = chance.nextInt(10) > 0;
        sizeTold = chance.nextBoolean();
        replicas = 2 + chance.nextInt(4);
        wanted = replicas;
        // At first the pods fit: nobody has promised anything about a cluster that is over its budget already.
        budget = (replicas + 2 * SURGE + UNAVAILABLE) * (UNMANAGED + OUTSIDE) + chance.nextInt(12);
        leaders.add(new Leader(epochs));
        for (int i = 0; i < replicas; i++) {
            LivingPod pod = start();
            pod.generation = 0;
            pod.size = UNMANAGED;
            pod.createdAt = now - 1;
            pod.mounted = true;
            pod.startedAt = now - 1;
            pod.readAt = now - 1;
        }
        maps.add(map);
    }

    int connections() {
        return pods.stream().mapToInt(LivingPod::connections).sum();
    }

    /**
     * What the connections could become without another write: a rollout begins, every pod reads the largest size that can
     * be read now, or none.
     */
    int worstCase() {
        int readable = 0;
        for (int age = 0; age <= STALE_STEPS; age++) {
            List<Published> read = maps.get(Math.max(maps.size() - 1 - age, 0));
            readable = Math.max(
                    readable, read.isEmpty() ? UNMANAGED : read.getLast().size());
        }
        int most = followed ? readable : UNMANAGED;
        int held = pods.stream()
                .mapToInt(pod -> Math.max(pod.largest(), most) + OUTSIDE)
                .sum();
        int ending = (int) pods.stream().filter(LivingPod::terminating).count();
        int scaledDown = (int)
                pods.stream().filter(pod -> pod.terminating() && !pod.replaced).count();
        int possible = Math.max(replicas + SURGE, pods.size() - ending) + SURGE + UNAVAILABLE + scaledDown;
        return held + Math.max(possible - pods.size(), 0) * (most + OUTSIDE);
    }

    int budget() {
        return budget;
    }

    /** Pods that follow nothing shrink for nobody. */
    boolean isFollowed() {
        return followed;
    }

    boolean raisedWhileOver() {
        return raisedWhileOver;
    }

    /** All that was wanted and is possible came about. */
    boolean isSettled() {
        int most = replicas + SURGE + SURGE + UNAVAILABLE;
        boolean fitsOneMore = budget / (most + 1) - OUTSIDE >= MIN_POOL;
        boolean sizesSeen = pods.stream()
                .allMatch(pod -> pod.size == map.getLast().size()
                        && pod.surplus == 0
                        && pod.scraped.orElse(-1) == map.getLast().generation());
        return !followed || (sizesSeen && (replicas == wanted || !fitsOneMore));
    }

    void step() {
        now++;
        happen();
        control();
        pods.forEach(this::readSize);
        leaders.forEach(this::operate);
        maps.add(map);
    }

    /** No more faults; long enough for every sync period and every transition. */
    void calmDown() {
        calm = true;
        while (leaders.size() > 1) {
            leaders.removeFirst();
        }
        budget = Math.max(budget, (Math.max(replicas, wanted) + 2 * SURGE + UNAVAILABLE) * (1 + OUTSIDE));
        for (int i = 0; i < 8 * SYNC_STEPS; i++) {
            step();
        }
    }

    private boolean oneIn(int steps) {
        return !calm && chance.nextInt(steps) == 0;
    }

    private void happen() {
        if (oneIn(30)) {
            wanted = 1 + chance.nextInt(9);
        }
        if (oneIn(20)) {
            load = chance.nextInt(4) > 0 ? 100 : 1 + chance.nextInt(8);
        }
        // One rollout at a time: a second one within the first lets more pods terminate than the Deployment promises.
        boolean quiet = !rolling && pods.stream().allMatch(this::ready);
        if (oneIn(20) && (quiet || disturbed)) {
            rolling = true;
            pods.forEach(pod -> pod.newVersion = false);
        }
        if (oneIn(30) && !pods.isEmpty() && (!rolling || disturbed)) {
            restart(pods.get(chance.nextInt(pods.size())));
        }
        if (oneIn(50)) {
            // A new leader; the old one does not know it yet and may still write what it decided.
            leaders.add(new Leader(++epochs));
            if (leaders.size() > 2) {
                leaders.removeFirst();
            }
        }
        if (oneIn(40)) {
            Leader killed = leaders.removeLast();
            leaders.add(new Leader(killed.epoch == epochs ? ++epochs : killed.epoch));
        }
        if (disturbed && oneIn(60)) {
            replicas = 1 + chance.nextInt(9);
            deploymentVersion++;
        }
        if (disturbed && oneIn(60)) {
            budget = 20 + chance.nextInt(100);
        }
        if (!disturbed && oneIn(60)) {
            budget += chance.nextInt(6);
        }
    }

    private LivingPod start() {
        LivingPod pod = new LivingPod();
        pod.name = "pod-" + names++;
        pod.newVersion = true;
        begin(pod);
        pods.add(pod);
        return pod;
    }

    private void begin(LivingPod pod) {
        pod.createdAt = now;
        pod.mountedAt = now + 1 + chance.nextInt(3);
        boolean pulls = !calm && chance.nextInt(4) == 0;
        pod.startedAt = pod.mountedAt + chance.nextInt(pulls ? LONGEST_PULL_STEPS : START_STEPS / 2);
        pod.readAt = pod.startedAt + chance.nextInt(START_STEPS / 2);
    }

    /** Its container begins again, and reads what its kubelet has by then. */
    private void restart(LivingPod pod) {
        if (!pod.terminating() && now > pod.startedAt) {
            pod.restarted = true;
            pod.startedAt = now;
            pod.mountedAt = now;
            pod.mounted = false;
            pod.readAt = now + START_STEPS / 2 + chance.nextInt(START_STEPS / 2);
            pod.scraped = OptionalLong.empty();
            pod.scrapedSize = OptionalInt.empty();
            pod.nextSync = NEVER;
            pod.generation = -1;
            pod.size = 0;
            pod.surplus = 0;
        }
    }

    private boolean ready(LivingPod pod) {
        return !pod.terminating() && now >= pod.startedAt + START_STEPS;
    }

    /** What the Deployment's controller does. */
    private void control() {
        pods.removeIf(pod -> now >= pod.endsAt);
        List<LivingPod> living =
                new ArrayList<>(pods.stream().filter(pod -> !pod.terminating()).toList());
        int most = replicas + (rolling ? SURGE : 0);
        int surplus = rolled && !rolling ? SURGE : 0;
        rolled = rolling;
        while (living.size() > most) {
            LivingPod gone =
                    living.stream().filter(pod -> !pod.newVersion).findFirst().orElse(living.getLast());
            gone.endsAt = now + 1 + chance.nextInt(GRACE_STEPS);
            gone.replaced = surplus-- > 0;
            living.remove(gone);
        }
        while (living.size() < most
                && (!rolling || living.stream().filter(pod -> pod.newVersion).count() < replicas)) {
            living.add(start());
        }
        rolling = rolling && living.stream().anyMatch(pod -> !pod.newVersion);
        if (rolling) {
            long available = living.stream().filter(this::ready).count();
            for (LivingPod pod : living) {
                boolean spare = !ready(pod) || available > replicas - UNAVAILABLE;
                if (!pod.newVersion && spare && available >= replicas - UNAVAILABLE) {
                    available -= ready(pod) ? 1 : 0;
                    pod.replaced = true;
                    pod.endsAt = now + 1 + chance.nextInt(GRACE_STEPS);
                }
            }
        }
    }

    private void readSize(LivingPod pod) {
        if (now >= pod.drainsAt) {
            pod.surplus = 0;
            pod.drainsAt = NEVER;
        }
        boolean mounts = !pod.mounted && now >= pod.mountedAt;
        boolean sync = pod.generation >= 0 && now >= pod.nextSync;
        if (mounts || sync) {
            int age = calm ? 0 : chance.nextInt(STALE_STEPS + 1);
            List<Published> read = maps.get(Math.max(maps.size() - 1 - age, 0));
            pod.mount = read.isEmpty() || !followed ? new Published(0, UNMANAGED, Instant.EPOCH) : read.getLast();
            pod.mounted = true;
            pod.nextSync = now + SYNC_STEPS;
        }
        boolean firstRead = pod.generation < 0 && pod.mounted && now >= pod.readAt;
        if (firstRead || (sync && pod.mount.generation() > pod.generation)) {
            pod.take(pod.mount.generation(), pod.mount.size(), now + (calm ? 1 : 1 + chance.nextInt(DRAIN_STEPS)));
            pod.nextSync = now + SYNC_STEPS;
        }
    }

    /** A pod that does not tell its size tells a generation when it is in force. */
    private void scrape(LivingPod pod) {
        if (sizeTold) {
            pod.scraped = OptionalLong.of(pod.generation);
            pod.scrapedSize = OptionalInt.of(pod.size + pod.surplus);
        } else if (pod.surplus == 0) {
            pod.scraped = OptionalLong.of(pod.generation);
        }
    }

    /** One pass, in three moments: read Deployment, then ConfigMap and pods, then write, some time later. */
    private void operate(Leader leader) {
        if (leader.writesAt == NEVER) {
            if (calm || chance.nextInt(4) == 0) {
                decide(leader);
                leader.writesAt = now + (calm ? 1 : 1 + chance.nextInt(WRITE_STEPS));
            }
        } else if (now >= leader.writesAt) {
            leader.writesAt = NEVER;
            if (oneIn(8)) {
                // The answer is lost and so perhaps the write: it has to be fenced off.
                if (chance.nextBoolean()) {
                    write(leader);
                }
                leader.fenced = false;
                leader.touchedDeployment = false;
            } else {
                write(leader);
            }
        }
    }

    private void decide(Leader leader) {
        if (deploymentEpoch > leader.epoch || mapEpoch > leader.epoch) {
            leader.pending = new Step.Hold("another leads");
            return;
        }
        leader.deploymentVersion = deploymentVersion;
        leader.mapVersion = mapVersion;
        leader.decidedBudget = budget;
        List<Pod> seen = new ArrayList<>();
        for (LivingPod pod : pods) {
            if (pod.generation >= 0 && (calm || chance.nextInt(5) > 0)) {
                scrape(pod);
            }
            long since = pod.restarted ? pod.startedAt : pod.createdAt;
            seen.add(new Pod(pod.name, at(since), pod.terminating(), pod.scraped, pod.scrapedSize));
        }
        Situation situation = new Situation(
                at(now), leader.fenced, budget, OUTSIDE, UNMANAGED, MIN_POOL, replicas, SURGE, UNAVAILABLE, seen, map);
        PoolSizer.Size size = new PoolSizer(MIN_POOL, MAX_POOL)
                .size(
                        budget,
                        situation.mostPods(Math.max(replicas, wanted)),
                        1,
                        OUTSIDE,
                        new PoolSizer.Demand(
                                java.util.OptionalDouble.of(load),
                                java.util.OptionalDouble.of(0.5),
                                java.util.OptionalDouble.empty(),
                                OptionalInt.empty()),
                        map.isEmpty()
                                ? OptionalInt.empty()
                                : OptionalInt.of(map.getLast().size()));
        // The scaler holds during a rollout.
        leader.pending = Sequencer.next(situation, rolling ? replicas : wanted, size.perPod());
    }

    private static Instant at(long step) {
        return Instant.EPOCH.plusMillis(500 * step);
    }

    private void write(Leader leader) {
        switch (leader.pending) {
            case Step.Hold _ -> {}
            case Step.Fence _ -> fence(leader);
            case Step.Scale scale -> {
                if (leader.deploymentVersion == deploymentVersion && deploymentEpoch <= leader.epoch) {
                    raisedWhileOver |= scale.replicas() > replicas && connections() > budget && stillSame(leader);
                    replicas = scale.replicas();
                    deploymentVersion++;
                }
            }
            case Step.Publish publish -> {
                if (leader.mapVersion == mapVersion && mapEpoch <= leader.epoch) {
                    raisedWhileOver |= !map.isEmpty()
                            && publish.current().size() > map.getLast().size()
                            && connections() > budget
                            && stillSame(leader);
                    map = publish.history();
                    mapVersion++;
                    deliver();
                }
            }
        }
    }

    /** The budget has not fallen between the decision and its write: then it is not the operator's doing. */
    private boolean stillSame(Leader leader) {
        return leader.decidedBudget == budget;
    }

    private void fence(Leader leader) {
        if (!leader.touchedDeployment) {
            leader.touchedDeployment = leader.deploymentVersion == deploymentVersion && deploymentEpoch <= leader.epoch;
            if (leader.touchedDeployment) {
                deploymentVersion++;
                deploymentEpoch = leader.epoch;
            }
        } else if (leader.mapVersion == mapVersion && mapEpoch <= leader.epoch) {
            mapVersion++;
            mapEpoch = leader.epoch;
            leader.fenced = true;
        }
    }

    /** The annotation makes the kubelet sync soon; on some pods it does not, and they wait for the period. */
    private void deliver() {
        for (LivingPod pod : pods) {
            boolean lost = !calm && chance.nextInt(6) == 0;
            long soon = now + 1 + (calm ? 0 : chance.nextInt(4));
            pod.nextSync = Math.min(pod.nextSync, lost ? now + SYNC_STEPS : soon);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "at " + now + " replicas " + replicas + " wanted " + wanted + " budget " + budget + " map " + map);
        pods.forEach(pod -> text.append('\n')
                .append(pod.name + " created " + pod.createdAt + " mounted " + pod.mountedAt + " started "
                        + pod.startedAt
                        + " reads " + pod.readAt + " surplus " + pod.surplus + " ends " + pod.endsAt + " generation "
                        + pod.generation
                        + " size " + pod.size + " scraped " + pod.scraped + " new " + pod.newVersion));
        leaders.forEach(leader ->
                text.append('\n').append("leader " + leader.epoch + " fenced " + leader.fenced + " " + leader.pending));
        return text.toString();
    }
}
