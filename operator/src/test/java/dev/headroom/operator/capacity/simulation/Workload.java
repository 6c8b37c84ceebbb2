package dev.headroom.operator.capacity.simulation;

import java.util.List;

/**
 * What a request costs and where it runs: the fixed part of all simulations.
 *
 * @param routes weight, mean processor seconds in the pod and mean statement seconds, of each route
 * @param beforeStatement part of the processor time before the connection is taken; the rest reads rows and holds it
 * @param warmUp factor on the processor time of a pod in its first {@code warmUpSeconds}
 * @param shedAbove requests in one pod above which it answers 503
 */
record Workload(
        List<Route> routes,
        double beforeStatement,
        double warmUp,
        double warmUpSeconds,
        int shedAbove,
        double objectiveSeconds,
        double objectivePercent,
        int databaseCores,
        double startUpSeconds,
        double scrapeSeconds,
        int minReplicas,
        int maxReplicas,
        int budget) {

    record Route(double weight, double cpu, double statement) {}

    static Workload standard() {
        return new Workload(
                List.of(new Route(0.70, 0.0125, 0.0075), new Route(0.25, 0.030, 0.030), new Route(0.05, 0.075, 0.100)),
                0.35,
                1.3,
                15,
                160,
                0.5,
                95,
                24,
                20,
                5,
                2,
                30,
                260);
    }

    /** The same with requests so many times longer, and as many times fewer: faster, and as hard for a scaler. */
    Workload coarser(double factor) {
        return new Workload(
                routes.stream()
                        .map(route -> new Route(route.weight, route.cpu * factor, route.statement * factor))
                        .toList(),
                beforeStatement,
                warmUp,
                warmUpSeconds,
                (int) (shedAbove / factor),
                objectiveSeconds * factor,
                objectivePercent,
                databaseCores,
                startUpSeconds,
                scrapeSeconds,
                minReplicas,
                maxReplicas,
                budget);
    }

    Workload with(double startUp, double scrape) {
        return new Workload(
                routes,
                beforeStatement,
                warmUp,
                warmUpSeconds,
                shedAbove,
                objectiveSeconds,
                objectivePercent,
                databaseCores,
                startUp,
                scrape,
                minReplicas,
                maxReplicas,
                budget);
    }

    double meanCpu() {
        return routes.stream().mapToDouble(route -> route.weight * route.cpu).sum();
    }

    double meanStatement() {
        return routes.stream()
                .mapToDouble(route -> route.weight * route.statement)
                .sum();
    }
}
