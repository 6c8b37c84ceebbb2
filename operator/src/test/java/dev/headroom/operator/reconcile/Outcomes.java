package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What concerns said, for tables of cases. */
final class Outcomes {

    private Outcomes() {}

    static ConcernOutcome seen(Verdict verdict, IndexStatus... indexes) {
        return seen(Mode.APPLY, verdict, indexes);
    }

    static ConcernOutcome observed(Verdict verdict) {
        return seen(Mode.OBSERVE, verdict);
    }

    private static ConcernOutcome seen(Mode mode, Verdict verdict, IndexStatus... indexes) {
        return ConcernOutcome.of(
                new ConcernReport(
                        Map.of("IndexesReady", verdict),
                        status -> status.with(List.of(indexes), List.of(), null),
                        List.of(),
                        true,
                        Duration.ofMinutes(5)),
                mode);
    }

    static ConcernOutcome blind(Reason reason) {
        return ConcernOutcome.blind(List.of("IndexesReady"), Verdict.unknown(reason, "cannot see"));
    }

    static IndexStatus index(IndexStatus.Origin origin, IndexStatus.State state, @Nullable String blockedBy) {
        return new IndexStatus("ix", "shop.t", origin, state, null, blockedBy, null, null, null, List.of());
    }
}
