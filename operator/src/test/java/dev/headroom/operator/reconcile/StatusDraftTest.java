package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusDraftTest {

    private static final Verdict VALID = Verdict.yes(Reason.INDEXES_VALID, "3 indexes");
    private static final IndexStatus BUILT = Outcomes.index(Origin.DECLARED, State.VALID, null);

    @Test
    void theSameLookLaterIsTheSameStatus() {
        DbPerformanceStatus first = draft(null, 1, 10, Outcomes.seen(VALID, BUILT));
        assertThat(draft(first, 1, 50, Outcomes.seen(VALID, BUILT))).isEqualTo(first);
    }

    @Test
    void theTimeOfAConditionMovesWithItsStatusAndNotWithReasonMessageOrGeneration() {
        DbPerformanceStatus first = draft(null, 1, 10, Outcomes.seen(Verdict.no(Reason.INDEXES_BUILDING, "a")));
        DbPerformanceStatus second = draft(first, 2, 20, Outcomes.seen(Verdict.no(Reason.INDEX_FAILED, "b")));
        DbPerformanceStatus third = draft(second, 2, 30, Outcomes.seen(VALID, BUILT));
        assertThat(first.conditions()).extracting(Condition::lastTransitionTime).containsOnly(Resources.at(10));
        assertThat(second.conditions())
                .extracting(Condition::lastTransitionTime)
                .containsOnly(Resources.at(10));
        assertThat(second.conditions())
                .extracting(Condition::observedGeneration)
                .containsOnly(2L);
        assertThat(third.conditions()).extracting(Condition::lastTransitionTime).containsOnly(Resources.at(30));
    }

    @Test
    void whatWasSeenStaysWhileNothingCanBeSeen_andTheConditionsSayThatItCannot() {
        DbPerformanceStatus seen = draft(null, 1, 10, Outcomes.seen(VALID, BUILT));
        DbPerformanceStatus blind = draft(seen, 1, 20, Outcomes.blind(Reason.DATABASE_UNREACHABLE));
        assertThat(blind.indexes()).isEqualTo(seen.indexes());
        assertThat(blind.indexesValid()).isEqualTo(1);
        assertThat(blind.conditions())
                .filteredOn(condition -> condition.type().endsWith("Ready"))
                .extracting(Condition::status)
                .containsExactly(Truth.UNKNOWN, Truth.UNKNOWN);
    }

    @Test
    void readyIsTheWorst_whereFalseIsWorseThanUnknown() {
        ConcernOutcome unknown = Outcomes.blind(Reason.DATABASE_UNREACHABLE);
        ConcernOutcome no = Outcomes.seen(Verdict.no(Reason.INDEX_FAILED, "no"));
        ConcernOutcome yes = Outcomes.seen(VALID);
        assertThat(ready(yes, unknown).reason()).isEqualTo("DatabaseUnreachable");
        assertThat(ready(unknown, no, yes).reason()).isEqualTo("IndexFailed");
        assertThat(ready(yes).reason()).isEqualTo("IndexesValid");
        assertThat(ready(yes, yes))
                .extracting(Condition::status, Condition::reason)
                .containsExactly(Truth.TRUE, "AsDeclared");
    }

    @Test
    void inObserveALookIsEnoughToBeReady() {
        Condition ready = ready(Outcomes.observed(Verdict.no(Reason.INDEXES_PENDING, "0 of 1 valid")));

        assertThat(ready.status()).isEqualTo(Truth.TRUE);
        assertThat(ready.reason()).isEqualTo("Observing");
        assertThat(ready.message()).isEqualTo("looks and changes nothing; 0 of 1 valid");
    }

    @Test
    void whatGoesOnByItselfIsReconcilingAndWhatWaitsForAPersonIsStalled() {
        assertThat(types(Outcomes.seen(Verdict.no(Reason.INDEXES_BUILDING, "at it"))))
                .containsExactly("Ready", "Reconciling", "IndexesReady");
        assertThat(types(Outcomes.blind(Reason.DATABASE_UNREACHABLE)))
                .containsExactly("Ready", "Reconciling", "IndexesReady");
        assertThat(types(Outcomes.seen(Verdict.no(Reason.INDEX_REFUSED, "no such method"))))
                .containsExactly("Ready", "Stalled", "IndexesReady");
        assertThat(types(Outcomes.seen(VALID))).containsExactly("Ready", "IndexesReady");
    }

    private static List<String> types(ConcernOutcome outcome) {
        return draft(null, 1, 10, outcome).conditions().stream()
                .map(Condition::type)
                .toList();
    }

    @Test
    void aPausedResourceSaysSo_andWhatItWouldSayOtherwise() {
        DbPerformanceStatus paused = new StatusDraft(null, 1L, Instant.parse(Resources.at(10)))
                .of(List.of(Outcomes.seen(Verdict.no(Reason.INDEXES_PENDING, "1 to build"))), true);
        assertThat(paused.conditions().getFirst())
                .extracting(Condition::status, Condition::reason, Condition::message)
                .containsExactly(
                        Truth.FALSE, "Paused", "paused by annotation, nothing is changed; otherwise: 1 to build");
    }

    @Test
    void theCountsLeaveOutWhatIsToGo_andTheFirstBlockerIsShown() {
        DbPerformanceStatus status = draft(
                null,
                1,
                10,
                Outcomes.seen(
                        VALID,
                        BUILT,
                        Outcomes.index(Origin.FOREIGN_KEY, State.BLOCKED, "pid 1"),
                        Outcomes.index(Origin.DECLARED, State.BLOCKED, "pid 2"),
                        Outcomes.index(Origin.REMOVED, State.RETAINED, null)));
        assertThat(status.indexesWanted()).isEqualTo(3);
        assertThat(status.indexesValid()).isEqualTo(1);
        assertThat(status.blockedBy()).isEqualTo("pid 1");
    }

    private static Condition ready(ConcernOutcome... outcomes) {
        return draft(null, 1, 10, outcomes).conditions().getFirst();
    }

    private static DbPerformanceStatus draft(
            @Nullable DbPerformanceStatus before, long generation, int second, ConcernOutcome... outcomes) {
        return new StatusDraft(
                        before, generation, Instant.parse(Resources.at(second)).plusMillis(400))
                .of(List.of(outcomes), false);
    }
}
