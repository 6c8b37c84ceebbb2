package dev.headroom.operator.capacity.control;

import dev.headroom.operator.crd.CapacityStatus;
import dev.headroom.operator.crd.CapacityStatus.Decision;
import dev.headroom.operator.crd.DbPerformanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last decisions. One that says the same with other numbers is not repeated, else a status would be written at each look. */
final class DecisionLog {

    /** The same is told again as an Event after this time. */
    private static final Duration TOLD_AGAIN = Duration.ofMinutes(10);

    private List<Decision> decisions = List.of();
    private final Map<String, Instant> told = new HashMap<>();
    private final Map<String, String> last = new HashMap<>();

    /** Takes the decisions over from the status, after a restart. */
    void resume(@Nullable DbPerformanceStatus status) {
        if (decisions.isEmpty() && status != null && status.capacity() != null) {
            decisions = status.capacity().decisions();
        }
    }

    /**
     * Notes a decision.
     *
     * @param about the condition that it is about
     * @param kind what kind of decision it is: the same as the last one is no news
     * @param acts whether it changes something, which is always news
     * @return whether it is news
     */
    boolean note(String about, String kind, String sentence, boolean acts, Instant now) {
        if (kind.equals(last.put(about, kind)) && !acts) {
            return false;
        }
        List<Decision> longer = new ArrayList<>(decisions);
        longer.add(new Decision(now.truncatedTo(ChronoUnit.SECONDS).toString(), sentence));
        decisions = List.copyOf(longer.subList(Math.max(longer.size() - CapacityStatus.DECISIONS, 0), longer.size()));
        return true;
    }

    /** Whether news of this kind is worth an Event: it was not told for a while. */
    boolean isWorthAnEvent(String kind, Instant now) {
        told.values().removeIf(at -> at.isBefore(now.minus(TOLD_AGAIN)));
        return told.putIfAbsent(kind, now) == null;
    }

    List<Decision> decisions() {
        return decisions;
    }
}
