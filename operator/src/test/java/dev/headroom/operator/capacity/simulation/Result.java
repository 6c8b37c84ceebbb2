package dev.headroom.operator.capacity.simulation;

import java.util.Locale;

/** One run of one scaler. */
record Result(String scaler, String trace, long seed, Score score, double tookSeconds) {

    /** One line; the fields are an interface, so none is added. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"scaler\":\"%s\",\"trace\":\"%s\",\"violationSeconds\":%d,\"replicaSeconds\":%.0f,"
                        + "\"changes\":%d,\"oscillations\":%d,\"databaseBoundAdds\":%d,\"peakConnections\":%d,"
                        + "\"budgetExceeded\":%d}",
                scaler,
                escaped(trace),
                score.violationSeconds,
                score.replicaSeconds,
                score.changes,
                score.oscillations,
                score.databaseBoundAdds,
                score.peakConnections,
                score.budgetExceeded);
    }

    /** A file may have any name. */
    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.chars()
                .forEach(c -> text.append(
                        c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return text.toString();
    }
}
