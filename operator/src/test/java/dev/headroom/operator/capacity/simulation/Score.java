package dev.headroom.operator.capacity.simulation;

/**
 * What a run cost and how it felt. A second violates the objective when more than 5 % of the requests that ended in it
 * took longer or were shed. An oscillation is a change of direction within five minutes of the change before.
 */
final class Score {
    private static final double OSCILLATION_SECONDS = 300;

    /** Replicas that are added this soon after the database became the bottleneck do not count. */
    private static final double SECONDS_TO_SEE_IT = 15;

    private final Workload workload;
    private int slow;
    private int ended;
    private double lastChange = Double.NEGATIVE_INFINITY;
    private int lastDirection;
    private double databaseBoundFrom = Double.POSITIVE_INFINITY;

    int violationSeconds;
    double replicaSeconds;
    int changes;
    int oscillations;
    int databaseBoundAdds;
    int peakConnections;
    int budgetExceeded;
    long good;
    long databaseBoundGood;

    /** By second, for plots: pods that exist, requests that ended, whether the objective was violated. */
    final short[] pods;

    final short[] requests;
    final boolean[] violated;

    Score(Workload workload, int seconds) {
        this.workload = workload;
        pods = new short[seconds + 1];
        requests = new short[seconds + 1];
        violated = new boolean[seconds + 1];
    }

    void completed(double seconds) {
        ended++;
        if (seconds > workload.objectiveSeconds()) {
            slow++;
        }
    }

    void shed() {
        ended++;
        slow++;
    }

    void scaled(double now, int from, int to, boolean databaseBound) {
        int direction = Integer.signum(to - from);
        changes++;
        if (direction == -lastDirection && now - lastChange < OSCILLATION_SECONDS) {
            oscillations++;
        }
        if (databaseBound && to > from && now - databaseBoundFrom > SECONDS_TO_SEE_IT) {
            databaseBoundAdds += to - from;
        }
        lastDirection = direction;
        lastChange = now;
    }

    void second(double now, int living, int connections, boolean databaseBound) {
        boolean late = slow * 100.0 > ended * (100 - workload.objectivePercent());
        violationSeconds += late ? 1 : 0;
        good += ended - slow;
        databaseBoundGood += databaseBound ? ended - slow : 0;
        databaseBoundFrom = databaseBound ? Math.min(databaseBoundFrom, now) : Double.POSITIVE_INFINITY;
        replicaSeconds += living;
        peakConnections = Math.max(peakConnections, connections);
        budgetExceeded += connections > workload.budget() ? 1 : 0;
        int second = Math.min((int) now, pods.length - 1);
        pods[second] = (short) living;
        requests[second] = (short) Math.min(ended, Short.MAX_VALUE);
        violated[second] = late;
        slow = 0;
        ended = 0;
    }
}
