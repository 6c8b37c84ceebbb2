package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.capacity.Budget;
import dev.headroom.operator.capacity.BudgetLedger.Claim;
import dev.headroom.operator.capacity.BudgetLedger.Grant;
import dev.headroom.operator.capacity.PoolSizer;
import dev.headroom.operator.capacity.Sequencer;
import dev.headroom.operator.capacity.Sequencer.Published;
import dev.headroom.operator.capacity.Sequencer.Situation;
import dev.headroom.operator.capacity.Sequencer.Step;
import dev.headroom.operator.concern.ResourceView;
import dev.headroom.operator.crd.PoolSpec;
import dev.headroom.operator.crd.ReplicasSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The arithmetic between what was read of one target and the next step: what it claims of the budget, how many replicas that
 * allows, how large the pools should be. Pure; it is made again from fresh reads before a write.
 */
final class CapacityPlan {

    private final ResourceView resource;
    private final Target target;
    private final PoolConfigMap published;
    private final Measurements measured;
    private final boolean fenced;
    private final Instant now;

    CapacityPlan(
            ResourceView resource,
            Target target,
            PoolConfigMap published,
            Measurements measured,
            boolean fenced,
            Instant now) {
        this.resource = resource;
        this.target = target;
        this.published = published;
        this.measured = measured;
        this.fenced = fenced;
        this.now = now;
    }

    /** A resource's part of its server's budget. */
    record Allotment(Budget budget, Grant grant) {}

    Target target() {
        return target;
    }

    PoolConfigMap published() {
        return published;
    }

    private PoolSpec pool() {
        return requireNonNull(resource.spec().pool());
    }

    private int connectionsOutsidePool() {
        return measured.outsidePool();
    }

    /** The fewest and the most replicas that the spec allows; those there are, where it does not say. */
    private int minReplicas() {
        ReplicasSpec replicas = resource.spec().replicas();
        return replicas == null ? target.replicas() : Math.min(replicas.min(), target.replicas());
    }

    private int maxReplicas() {
        ReplicasSpec replicas = resource.spec().replicas();
        return replicas == null ? target.replicas() : Math.max(replicas.max(), target.replicas());
    }

    /** The most pods that there can be at once with so many replicas, in a rollout; as the sequencer counts them. */
    private int mostPods(int replicas) {
        return replicas + 2 * target.limits().surge(replicas) + target.limits().unavailable(replicas);
    }

    Claim claim() {
        int perPod = pool().minPerReplica() + connectionsOutsidePool();
        int minimum = Math.max(mostPods(Math.max(minReplicas(), 1)), 1) * perPod;
        int useful = mostPods(Math.max(maxReplicas(), 1)) * (pool().maxPerReplica() + connectionsOutsidePool());
        return new Claim(
                resource.id().toString(),
                resource.created().getEpochSecond(),
                pool().share(),
                minimum,
                Math.max(useful, minimum),
                Sequencer.mayHold(situation(0, target.replicas())));
    }

    /** Why this resource gets nothing, with the ways out. */
    String refusal(Allotment allotment) {
        return allotment
                .budget()
                .refusal(
                        allotment.grant().entitled(),
                        mostPods(Math.max(minReplicas(), 1)),
                        pool().minPerReplica(),
                        connectionsOutsidePool());
    }

    /**
     * The most replicas whose pods all get the smallest pool, in a rollout too. Every further pod takes connections for itself and for
     * its surge: where the load needs all there are, none is added that would leave the pools fewer together.
     */
    int ceiling(Allotment allotment) {
        int granted = allotment.grant().usable();
        int pods = Budget.podsThatFit(granted, pool().minPerReplica(), connectionsOutsidePool());
        double needed = Math.min(PoolSizer.neededByAll(measured.demand()), inAllPools(granted, target.replicas()));
        int replicas = Math.min(maxReplicas(), pods);
        while (replicas > 0
                && (mostPods(replicas) > pods
                        || (replicas > target.replicas() && inAllPools(granted, replicas) < needed))) {
            replicas--;
        }
        return replicas;
    }

    /** Connections of the pools of so many replicas together, at the largest size that fits. */
    private int inAllPools(int granted, int replicas) {
        int fair = granted / Math.max(mostPods(replicas), 1) - connectionsOutsidePool();
        return replicas * Math.clamp(fair, 0, pool().maxPerReplica());
    }

    /** The pool size for the load, at most what the granted connections allow. */
    PoolSizer.Size size(Allotment allotment, int wantedReplicas) {
        int replicas = Math.max(wantedReplicas, target.replicas());
        return new PoolSizer(pool().minPerReplica(), pool().maxPerReplica())
                .size(
                        granted(allotment),
                        situation(0, replicas).mostPods(replicas),
                        Math.max(Math.min((int) target.ready(), wantedReplicas), 1),
                        connectionsOutsidePool(),
                        measured.demand(),
                        current().map(Published::size).map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    /**
     * What the step may spend: what is free for this resource. While others hold more than their part it keeps what it holds, within
     * its own part. One that has published a size and does not fit any more goes back to its smallest pools, and no further:
     * pools of one would fail its requests, which helps nobody.
     */
    private int granted(Allotment allotment) {
        if (allotment.grant().refused()) {
            return situation(0, target.replicas()).mostPods(target.replicas())
                    * (pool().minPerReplica() + connectionsOutsidePool());
        }
        int usable = allotment.grant().usable();
        int held = mayHold();
        return held <= usable ? usable : Math.max(Math.min(allotment.grant().entitled(), held), usable);
    }

    /** The next step to these replicas and this size. */
    Step step(Allotment allotment, int wantedReplicas, int wantedSize) {
        if (allotment.grant().refused() && published.history().isEmpty()) {
            return new Step.Hold(refusal(allotment));
        }
        int replicas = allotment.grant().refused() ? Math.min(wantedReplicas, target.replicas()) : wantedReplicas;
        return Sequencer.next(situation(granted(allotment), replicas), replicas, wantedSize);
    }

    private Situation situation(int granted, int wantedReplicas) {
        int replicas = Math.max(Math.max(target.replicas(), wantedReplicas), 1);
        List<Sequencer.Pod> pods = target.pods().stream()
                .map(pod -> new Sequencer.Pod(
                        pod.name(), pod.startedAt(), pod.terminating(), measured.generation(pod), measured.size(pod)))
                .toList();
        return new Situation(
                now,
                fenced,
                granted,
                connectionsOutsidePool(),
                measured.unmanagedSize().orElse(pool().maxPerReplica()),
                pool().minPerReplica(),
                target.replicas(),
                target.limits().surge(replicas),
                target.limits().unavailable(replicas),
                pods,
                published.history());
    }

    /** The newest published size. */
    Optional<Published> current() {
        return published.history().isEmpty()
                ? Optional.empty()
                : Optional.of(published.history().getLast());
    }

    /** Connections that the pods hold or may still open. */
    int mayHold() {
        return Sequencer.mayHold(situation(0, target.replicas()));
    }

    /** Pods that report an older generation than the published one, or none, or have more connections than it allows. */
    List<Target.Pod> podsNotFollowing() {
        long generation = current().map(Published::generation).orElse(0L);
        int size = current().map(Published::size).orElse(Integer.MAX_VALUE);
        return target.pods().stream()
                .filter(pod -> !pod.terminating())
                .filter(pod -> measured.generation(pod).orElse(-1) < generation
                        || measured.size(pod).orElse(0) > size)
                .toList();
    }

    /** Pods whose kubelet was not told of the published size. */
    List<Target.Pod> podsToAnnotate() {
        long generation = current().map(Published::generation).orElse(0L);
        return podsNotFollowing().stream()
                .filter(pod -> pod.announced().orElse(-1) < generation)
                .toList();
    }
}
