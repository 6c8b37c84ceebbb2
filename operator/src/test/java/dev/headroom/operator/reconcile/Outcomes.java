package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Section;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What concerns said, for tables of cases. */
final class Outcomes {

    private Outcomes() {}

    static ConcernOutcome seen(Verdict verdict, Duration nextLook, IndexStatus... indexes) {
        Section section = new Section.Indexes(List.of(indexes), List.of());
        return seen(Mode.APPLY, verdict, nextLook, section);
    }

    static ConcernOutcome observed(Verdict verdict) {
        return seen(Mode.OBSERVE, verdict, Duration.ofMinutes(5), new Section.Indexes(List.of(), List.of()));
    }

    private static ConcernOutcome seen(Mode mode, Verdict verdict, Duration nextLook, Section section) {
        return new ConcernOutcome(
                "IndexesReady",
                verdict,
                new ConcernReport(verdict, section, List.of(), List.of(), true, nextLook),
                mode);
    }

    static ConcernOutcome seen(Verdict verdict, IndexStatus... indexes) {
        return seen(verdict, Duration.ofMinutes(5), indexes);
    }

    static ConcernOutcome blind(Reason reason) {
        return ConcernOutcome.blind("IndexesReady", reason, "cannot see");
    }

    static IndexStatus index(IndexStatus.Origin origin, IndexStatus.State state, @Nullable String blockedBy) {
        return new IndexStatus("ix", "shop.t", origin, state, null, blockedBy, null, null, null, List.of());
    }
}
