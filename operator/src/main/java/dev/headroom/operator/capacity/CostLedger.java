package dev.headroom.operator.capacity;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the target costs beside a yardstick: the replica-seconds that HorizontalPodAutoscaler v2 with its defaults and a
 * target of 70 % processor use would spend on the same load. What was saved against it in the last hour may be spent on
 * reserve; what was spent beyond it has to be saved again. So no load costs much more than with HPA, whatever its shape.
 * Times in seconds.
 */
final class CostLedger {
    private static final double TARGET = 0.7;
    private static final double TOLERANCE = 0.1;
    private static final double SYNC_SECONDS = 15;
    private static final double DOWN_WINDOW = 300;
    private static final double HALF_LIFE = 2400;

    /** The ledger begins as if this time had passed at the savings in the middle. */
    private static final double PRIOR_SECONDS = 600;

    /** Savings at which nothing is spent on reserve, and at which all of it is. */
    private static final double NO_SAVINGS = -0.02;

    private static final double AMPLE_SAVINGS = 0.08;

    private record Size(double at, int replicas) {}

    private final int min;
    private final int max;
    private final Deque<Size> recommendations = new ArrayDeque<>();
    private final Deque<Size> sizes = new ArrayDeque<>();
    private int reference;
    private int replicas;
    private double lastAt = Double.NaN;
    private double lastSync = Double.NEGATIVE_INFINITY;
    private double spent;
    private double allowed;

    CostLedger(ScalingPolicy policy) {
        min = policy.min();
        max = policy.max();
    }

    /**
     * Takes in a window.
     *
     * @param busyPods processor seconds per second that the load needs ÷ those of a pod
     * @param nowReplicas as the Deployment says
     * @param startUp of a pod
     */
    void add(double at, double busyPods, int nowReplicas, double startUp) {
        if (reference == 0) {
            reference = nowReplicas;
            allowed = PRIOR_SECONDS * nowReplicas;
            spent = allowed * (1 - (NO_SAVINGS + AMPLE_SAVINGS) / 2);
        } else {
            double seconds = Math.max(at - lastAt, 0);
            double kept = Math.pow(0.5, seconds / HALF_LIFE);
            allowed = allowed * kept + reference * seconds;
            spent = spent * kept + replicas * seconds;
        }
        lastAt = at;
        replicas = nowReplicas;
        if (at - lastSync >= SYNC_SECONDS) {
            lastSync = at;
            synchronise(at, busyPods, startUp);
        }
    }

    private void synchronise(double at, double busyPods, double startUp) {
        // Pods that start count as idle, and use stops at what the others have: so it takes several rounds to a large
        // step.
        sizes.removeIf(each -> each.at <= at - startUp - SYNC_SECONDS);
        int serving = sizes.stream().mapToInt(Size::replicas).min().orElse(reference);
        double used = Math.min(busyPods, Math.min(serving, reference));
        boolean tolerable = Math.abs(used / reference / TARGET - 1) <= TOLERANCE;
        int desired = tolerable ? reference : Math.clamp((int) Math.ceil(used / TARGET), min, max);
        recommendations.addLast(new Size(at, desired));
        recommendations.removeIf(each -> each.at <= at - DOWN_WINDOW);
        int highest = recommendations.stream().mapToInt(Size::replicas).max().orElse(desired);
        sizes.addLast(new Size(at, reference));
        reference = Math.max(desired, Math.min(highest, reference));
    }

    /** From 0, all that the yardstick allows is spent, to 1, much is left for reserve. */
    double allowance() {
        double savings = allowed > 0 ? 1 - spent / allowed : 0;
        return Math.clamp((savings - NO_SAVINGS) / (AMPLE_SAVINGS - NO_SAVINGS), 0, 1);
    }
}
