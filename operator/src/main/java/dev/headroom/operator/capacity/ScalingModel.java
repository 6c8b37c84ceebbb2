package dev.headroom.operator.capacity;

/**
 * The numbers of the scaler that nobody has to set, with the values that the simulations chose
 * (docs/scaling-simulation.md has what each is worth). Times in seconds.
 *
 * <p>Reserve comes in two measures: lean, for a load that has cost what {@link CostLedger} allows, and ample, for one that
 * saved enough; what lies between is interpolated.
 *
 * @param leanUtilisation of a pod's processor at which latency is still under the objective
 * @param ampleUtilisation with room for what nobody foresees
 * @param leanDeviations of the arrivals kept in reserve
 * @param ampleDeviations the same
 * @param leanPrice replica-seconds that a second over the objective is worth
 * @param amplePrice the same
 * @param baseSeconds over which arrivals are averaged
 * @param trendSignificance t statistic from which a trend is believed
 * @param trendRatio the continued trend over the average: below it a trend is not worth a pod
 * @param trendHorizon how far a trend is continued, as a part of the start-up of a pod
 * @param trendCap the most that a trend adds, as a factor
 * @param backlogSeconds in which requests that pile up shall be served
 * @param extraHold how long what a trend or a backlog added stays, unless the average has caught up
 * @param downHold the shortest time for which a level is kept
 * @param churnCost replica-seconds that it costs to remove a pod and start it again
 * @param hysteresis part of a pod by which the need has to exceed the replicas
 */
public record ScalingModel(
        double leanUtilisation,
        double ampleUtilisation,
        double leanDeviations,
        double ampleDeviations,
        double leanPrice,
        double amplePrice,
        double baseSeconds,
        double trendSignificance,
        double trendRatio,
        double trendHorizon,
        double trendCap,
        double backlogSeconds,
        double extraHold,
        double downHold,
        double churnCost,
        double hysteresis) {

    public static final ScalingModel DEFAULT =
            new ScalingModel(0.85, 0.71, 0.5, 1.5, 26, 174, 15, 1.3, 1.1, 0.56, 1.4, 5, 15, 38, 100, 0.35);

    private static double between(double lean, double ample, double allowance) {
        return lean + (ample - lean) * allowance;
    }

    /** @param allowance 0 for lean, 1 for ample */
    double utilisation(double allowance) {
        return between(leanUtilisation, ampleUtilisation, allowance);
    }

    double deviations(double allowance) {
        return between(leanDeviations, ampleDeviations, allowance);
    }

    double price(double allowance) {
        return between(leanPrice, amplePrice, allowance);
    }
}
