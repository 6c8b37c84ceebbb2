package dev.headroom.operator.capacity.simulation;

import java.util.Locale;

/** One run of one scaler. */
record Result(String scaler, String trace, long seed, Score score, double tookSeconds) {

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"scaler\":\"%s\",\"trace\":\"%s\",\"seed\":%d,\"violationSeconds\":%d,\"replicaSeconds\":%.0f,"
                        + "\"changes\":%d,\"oscillations\":%d,\"databaseBoundAdds\":%d,\"peakConnections\":%d,"
                        + "\"budgetExceeded\":%d,\"goodRequests\":%d,\"databaseBoundGoodRequests\":%d}",
                scaler,
                trace.replace("\\", "\\\\").replace("\"", "\\\""),
                seed,
                score.violationSeconds,
                score.replicaSeconds,
                score.changes,
                score.oscillations,
                score.databaseBoundAdds,
                score.peakConnections,
                score.budgetExceeded,
                score.good,
                score.databaseBoundGood);
    }
}
