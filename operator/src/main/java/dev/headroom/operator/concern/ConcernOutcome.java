package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last run of a concern, as it ended.
 *
 * @param verdicts one for each condition
 * @param report null when the concern could not look
 * @param mode what it was allowed to do
 */
public record ConcernOutcome(
        Map<String, Verdict> verdicts, @Nullable ConcernReport report, Mode mode) {

    public static ConcernOutcome of(ConcernReport report, Mode mode) {
        return new ConcernOutcome(report.verdicts(), report, mode);
    }

    /** The same verdict for each of the conditions. */
    public static ConcernOutcome blind(List<String> conditions, Verdict why) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        conditions.forEach(condition -> verdicts.put(condition, why));
        return new ConcernOutcome(verdicts, null, Mode.OBSERVE);
    }

    public boolean looked() {
        return report != null;
    }

    /** In Observe a look is all that is wanted: whatever it found, there is nothing to wait for. */
    public boolean observed() {
        return report != null && report.served() && mode == Mode.OBSERVE;
    }

    public List<Notice> notices() {
        return report == null ? List.of() : report.notices();
    }

    /** As it is remembered: an event is told once. */
    ConcernOutcome withoutNotices() {
        return report == null ? this : new ConcernOutcome(verdicts, report.withoutNotices(), mode);
    }
}
