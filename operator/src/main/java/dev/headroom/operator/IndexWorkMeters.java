package dev.headroom.operator;

import dev.headroom.operator.index.build.Outcome;
import dev.headroom.operator.index.build.WorkObserver;
import dev.headroom.operator.metrics.Meters;
import java.time.Duration;

/** Counts the tries at indexes; neither the index concern nor the meters know each other. */
final class IndexWorkMeters implements WorkObserver {

    private final Meters meters;

    IndexWorkMeters(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void began(boolean dropping) {
        meters.counter("headroom_index_work_started_total", "Tries at an index begun.", "work", work(dropping))
                .add(1);
    }

    @Override
    public void ended(boolean dropping, Outcome outcome, Duration took) {
        String how = switch (outcome) {
            case Outcome.Done done -> "done";
            case Outcome.Blocked blocked -> "blocked";
            case Outcome.Failed failed -> "failed";
            case Outcome.Stopped stopped -> "stopped";
        };
        meters.histogram(
                        "headroom_index_work_duration_seconds",
                        "Time of one try at an index, by how it ended; its count is that of the tries.",
                        "work",
                        work(dropping),
                        "outcome",
                        how)
                .record(took);
    }

    private static String work(boolean dropping) {
        return dropping ? "drop" : "build";
    }
}
