package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look by one concern, as it ended.
 *
 * @param condition the type of the condition it becomes
 * @param report null when the concern could not look
 * @param mode what it was allowed to do
 */
public record ConcernOutcome(
        String condition, Verdict verdict, @Nullable ConcernReport report, Mode mode) {

    static ConcernOutcome of(String condition, ConcernReport report, Mode mode) {
        return new ConcernOutcome(condition, report.verdict(), report, mode);
    }

    public static ConcernOutcome blind(String condition, Reason reason, String message) {
        return blind(condition, Verdict.unknown(reason, message));
    }

    static ConcernOutcome blind(String condition, Verdict why) {
        return new ConcernOutcome(condition, why, null, Mode.OBSERVE);
    }

    /** In Observe a look is all that is wanted: whatever it found, there is nothing to wait for. */
    public boolean observed() {
        return report != null && mode == Mode.OBSERVE && verdict.reason() != Reason.SERVER_UNSUPPORTED;
    }

    public boolean looked() {
        return report != null;
    }

    public List<Notice> notices() {
        return report == null ? List.of() : report.notices();
    }

    public List<String> pending() {
        return report == null ? List.of() : report.pending();
    }

    public Duration nextLook(Duration otherwise) {
        return report == null ? otherwise : report.nextLook();
    }
}
