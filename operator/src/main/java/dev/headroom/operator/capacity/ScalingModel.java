package dev.headroom.operator.capacity;

/**
 * The numbers of the scaler that nobody has to set, with the values that the simulations chose
 * (docs/scaling-simulation.md has what each is worth). Times in seconds.
 *
 * @param utilisation of a pod's processor at which latency is still well under the objective
 * @param baseSeconds over which arrivals are averaged
 * @param deviations of the arrivals kept in reserve
 * @param jumpRatio arrivals now over those of the last half minute: beyond it the newest count at once
 * @param jumpCap the most that a jump or a trend adds, as a factor
 * @param trendSignificance t statistic from which a trend is believed
 * @param trendRatio the continued trend over the average: below it a trend is not worth a pod
 * @param trendHorizon how far a trend is continued, as a part of the start-up of a pod
 * @param backlogSeconds in which requests that pile up shall be served
 * @param extraHold how long what a jump, a trend or a backlog added stays, unless the average has caught up
 * @param downHold the shortest time for which a level is kept
 * @param jumpCost replica-seconds that a jump costs which meets too few pods
 * @param churnCost replica-seconds that it costs to remove a pod and start it again
 * @param hysteresis part of a pod by which the need has to exceed the replicas
 */
public record ScalingModel(
        double utilisation,
        double baseSeconds,
        double deviations,
        double jumpRatio,
        double jumpCap,
        double trendSignificance,
        double trendRatio,
        double trendHorizon,
        double backlogSeconds,
        double extraHold,
        double downHold,
        double jumpCost,
        double churnCost,
        double hysteresis) {

    public static final ScalingModel DEFAULT =
            new ScalingModel(0.83, 15, 1, 1.15, 1.4, 1.3, 1.1, 0.56, 5, 15, 38, 2600, 100, 0.35);
}
