package dev.headroom.operator.capacity;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the model of arrivals and cost does not explain: the latency is over the objective although there should be pods
 * enough, for instance on slow nodes. Then pods are added step by step. A step has to bring at least a tenth of what it
 * should: latency that falls in proportion to the pods. One that did not is ineffective: it is taken back, and none is
 * made until the load differs. Times in seconds.
 */
final class LatencyCorrection {
    private static final double STEP = 0.15;
    private static final double WAIT_BEFORE_STEP = 15;
    private static final double DECAY_HALF_LIFE = 120;
    private static final double COMFORTABLE = 0.6;
    private static final double LEAST_GAIN = 0.1;
    private static final double OTHER_LOAD = 0.15;

    /** The most pods that are added to what the model needs: as many again, and a few where that is little. */
    private static final int FEW_PODS = 4;

    private record Step(int replicas, double latency, double load) {}

    private final ScalingPolicy policy;
    private double least;
    private double overSince = Double.NaN;
    private @Nullable Step tried;
    private OptionalDouble ineffectiveAtLoad = OptionalDouble.empty();
    private OptionalDouble scalability = OptionalDouble.empty();

    LatencyCorrection(ScalingPolicy policy) {
        this.policy = policy;
    }

    /**
     * Takes in a window and gives the least number of pods; 0 where the model is right.
     *
     * @param latency the objective's percentile of this window
     * @param need pods that the model asks for
     * @param explained the database is the bottleneck, pods are starting, or more are needed anyway
     */
    double update(
            double at,
            double seconds,
            double latency,
            double load,
            double need,
            int ready,
            int replicas,
            boolean explained) {
        if (ineffectiveAtLoad.isPresent() && Math.abs(load / ineffectiveAtLoad.getAsDouble() - 1) > OTHER_LOAD) {
            ineffectiveAtLoad = OptionalDouble.empty();
        }
        boolean late = latency > policy.objectiveSeconds() * (1 + policy.tolerance());
        if (!late) {
            tried = null;
            if (latency < policy.objectiveSeconds() * COMFORTABLE) {
                double kept = Math.pow(0.5, seconds / DECAY_HALF_LIFE);
                least = least > need ? need + (least - need) * kept : 0;
            }
        }
        if (!late || explained) {
            overSince = Double.NaN;
            return least;
        }
        overSince = Double.isNaN(overSince) ? at : overSince;
        if (at - overSince < WAIT_BEFORE_STEP || ineffectiveAtLoad.isPresent()) {
            return least;
        }
        double wanted = replicas + Math.max(STEP * replicas, 1);
        if (wanted > need + Math.max(need, FEW_PODS) || (tried != null && isInVain(tried, latency, load, ready))) {
            ineffectiveAtLoad = OptionalDouble.of(load);
            least = 0;
            tried = null;
        } else {
            tried = new Step(replicas, latency, load);
            overSince = at;
            least = wanted;
        }
        return least;
    }

    private boolean isInVain(Step step, double latency, double load, int ready) {
        if (ready <= step.replicas || Math.abs(load / step.load - 1) > OTHER_LOAD) {
            return false;
        }
        double intended = 1 - step.replicas / (double) ready;
        double gained = 1 - latency / step.latency;
        scalability = OptionalDouble.of(gained / intended);
        return gained < LEAST_GAIN * intended;
    }

    boolean isIneffective() {
        return ineffectiveAtLoad.isPresent();
    }

    /** The gain of the last step ÷ what its pods should have brought. */
    OptionalDouble scalability() {
        return scalability;
    }
}
