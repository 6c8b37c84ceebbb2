package dev.headroom.operator.concern;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look by one concern, as it ended.
 *
 * @param condition the type of the condition it becomes
 * @param report null when the concern could not look
 */
public record ConcernOutcome(
        String condition, Verdict verdict, @Nullable ConcernReport report) {

    static ConcernOutcome of(String condition, ConcernReport report) {
        return new ConcernOutcome(condition, report.verdict(), report);
    }

    public static ConcernOutcome blind(String condition, String reason, String message) {
        return new ConcernOutcome(condition, Verdict.unknown(reason, message), null);
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
