package dev.headroom.operator.capacity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long each number of pods is kept after it was last needed: a ski rental for each level. Keeping a pod through a gap
 * costs the gap in replica-seconds. Removing it too early costs a start, and violations when the load comes back in a
 * jump. The wait of a level is the one that would have been cheapest over past gaps, near ones most, and over a prior
 * of gaps from half a minute to an hour. Gaps are learned whether the pod was removed or not. Times in seconds.
 */
final class LevelWaits {
    private static final double[] PRIOR_GAPS = {30, 60, 120, 240, 480, 960, 1920, 3840};
    private static final double[] CANDIDATES = {30, 45, 68, 100, 150, 225, 340, 510, 765, 1150, 1725, 2600, 3600};
    private static final int KEPT_GAPS = 96;
    private static final double SHORTEST_GAP = 15;
    private static final double JUMP = 1.22;
    private static final double JUMP_SECONDS = 30;

    /** Weights of a gap of the same level, of one next to it, of any other, and of each gap of the prior. */
    private static final double SAME = 1;

    private static final double NEAR = 0.5;
    private static final double OTHER = 0.1;
    private static final double PRIOR = 0.1;
    private static final double PRIOR_JUMPS = 0.6;

    /** Pods that were missing when a gap ended in a jump, per jump of the prior. */
    private static final double PRIOR_MISSING = 3;

    /** @param jumpShare the part of a jump that is this level's fault: 1 ÷ pods that were missing, or 0 without a jump */
    private record Gap(int level, double seconds, double jumpShare) {}

    private record Need(double at, double pods) {}

    private final double churnCost;
    private final double shortest;
    private final double longest;
    private final Map<Integer, Double> lastNeeded = new HashMap<>();
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Deque<Need> recent = new ArrayDeque<>();

    LevelWaits(ScalingModel model, ScalingPolicy policy) {
        churnCost = model.churnCost();
        shortest = Math.max(model.downHold(), policy.minDownWindow().toMillis() / 1000.0);
        longest = Math.max(policy.maxDownWindow().toMillis() / 1000.0, shortest);
    }

    /** All pods up to {@code need} are needed now; those that were not for a while have had a gap. */
    void need(double at, double need) {
        recent.addLast(new Need(at, need));
        recent.removeIf(each -> each.at < at - JUMP_SECONDS);
        double lowest = recent.stream().mapToDouble(Need::pods).min().orElse(need);
        boolean jump = need > lowest * JUMP;
        double missing = Math.max(need - lowest, 1);
        int needed = (int) Math.ceil(need);
        for (int level = 1; level <= needed; level++) {
            Double last = lastNeeded.get(level);
            if (last != null && at - last >= SHORTEST_GAP) {
                gaps.addLast(new Gap(level, at - last, jump ? 1 / missing : 0));
                if (gaps.size() > KEPT_GAPS) {
                    gaps.removeFirst();
                }
            }
            lastNeeded.put(level, at);
        }
    }

    /** Pods that were there before, or that somebody else wanted: they count as needed now. */
    void adopt(double at, int replicas) {
        for (int level = 1; level <= replicas; level++) {
            lastNeeded.merge(level, at, Math::max);
        }
    }

    /**
     * The fewest pods whose waits are not over. What only a trend or a backlog brought was never needed and has no wait.
     *
     * @param jumpCost replica-seconds that a jump is worth which meets too few pods
     */
    int lowestKept(double at, int replicas, double jumpCost) {
        for (int level = replicas; level > 1; level--) {
            if (lastNeeded.containsKey(level) && at < lastNeeded.get(level) + wait(level, jumpCost)) {
                return level;
            }
        }
        return 1;
    }

    /** Seconds since a level was needed; empty for one that never was. */
    OptionalDouble unneeded(double at, int level) {
        Double last = lastNeeded.get(level);
        return last == null ? OptionalDouble.empty() : OptionalDouble.of(at - last);
    }

    double wait(int level, double jumpCost) {
        double best = shortest;
        double least = cost(level, shortest, jumpCost);
        for (double candidate : CANDIDATES) {
            if (candidate > shortest && candidate <= longest) {
                double cost = cost(level, candidate, jumpCost);
                if (cost < least) {
                    least = cost;
                    best = candidate;
                }
            }
        }
        return best;
    }

    private double cost(int level, double wait, double jumpCost) {
        double cost = 0;
        for (double gap : PRIOR_GAPS) {
            double wrong = churnCost + PRIOR_JUMPS * jumpCost / PRIOR_MISSING;
            cost += PRIOR * (gap <= wait ? gap : wait + wrong);
        }
        for (Gap gap : gaps) {
            int distance = Math.abs(gap.level - level);
            double weight = distance == 0 ? SAME : distance == 1 ? NEAR : OTHER;
            cost += weight * (gap.seconds <= wait ? gap.seconds : wait + churnCost + jumpCost * gap.jumpShare);
        }
        return cost;
    }
}
