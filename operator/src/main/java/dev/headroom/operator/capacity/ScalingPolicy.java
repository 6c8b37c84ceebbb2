package dev.headroom.operator.capacity;

import java.time.Duration;

/**
 * What the user declares about replicas, in the terms of HorizontalPodAutoscaler v2: bounds, tolerance, how fast, and the
 * window before scaling down. The window has a minimum and a maximum; what lies between is learned ({@link LevelWaits}).
 *
 * @param tolerance part by which the latency may be over the objective before anything is done about it
 * @param objectivePercentile such as 95
 * @param objectiveSeconds for that percentile of the requests
 */
public record ScalingPolicy(
        int min,
        int max,
        double tolerance,
        Rate scaleUp,
        Rate scaleDown,
        Duration minDownWindow,
        Duration maxDownWindow,
        double objectivePercentile,
        double objectiveSeconds) {

    /** At most the larger of so many pods and so much of what there is, within a period. */
    public record Rate(int pods, int percent, Duration period) {
        int allowed(int replicas) {
            return Math.max(pods, (int) Math.ceil(replicas * percent / 100.0));
        }
    }

    public ScalingPolicy {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException(
                    "replicas.min " + min + " has to be at least 1 and at most replicas.max " + max);
        }
    }

    public static ScalingPolicy defaults(int min, int max, double objectivePercentile, double objectiveSeconds) {
        return new ScalingPolicy(
                min,
                max,
                0.1,
                new Rate(8, 300, Duration.ofSeconds(15)),
                new Rate(4, 100, Duration.ofSeconds(15)),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                objectivePercentile,
                objectiveSeconds);
    }
}
