package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Section;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.StatusLimits;
import dev.headroom.support.VisibleText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The status of one pass, from what the concerns said. Of the previous status only two things are kept: when a
 * condition last changed, and what a concern that could not look this time had found before.
 */
final class StatusDraft {

    static final String READY = "Ready";

    private final @Nullable DbPerformanceStatus previous;
    private final @Nullable Long generation;
    private final Instant now;

    StatusDraft(@Nullable DbPerformanceStatus previous, @Nullable Long generation, Instant now) {
        this.previous = previous;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    DbPerformanceStatus of(List<ConcernOutcome> outcomes, boolean paused) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition(READY, ready(outcomes, paused)));
        List<IndexStatus> indexes = previous == null ? List.of() : previous.indexes();
        List<FindingStatus> findings = previous == null ? List.of() : previous.findings();
        String limited = "";
        String fraction = previous == null ? null : previous.indexesReady();
        for (ConcernOutcome outcome : outcomes) {
            conditions.add(condition(outcome.condition(), outcome.verdict()));
            if (outcome.report() != null) {
                switch (outcome.report().section()) {
                    case Section.Indexes found -> {
                        indexes = found.indexes();
                        findings = found.findings();
                        fraction = fraction(indexes);
                        limited = outcome.condition();
                    }
                }
            }
        }
        return StatusLimits.applied(
                new DbPerformanceStatus(generation, conditions, fraction, blockedBy(indexes), indexes, findings),
                limited);
    }

    /** Ready says what the worst concern says: one that is not as wanted before one that could not be seen. */
    private static Verdict ready(List<ConcernOutcome> outcomes, boolean paused) {
        Verdict worst = outcomes.stream()
                .map(ConcernOutcome::verdict)
                .filter(verdict -> verdict.truth() != Truth.TRUE)
                .min((a, b) -> Integer.compare(badness(b), badness(a)))
                .orElseGet(() -> outcomes.size() == 1
                        ? outcomes.getFirst().verdict()
                        : Verdict.yes("AsDeclared", "everything is as declared"));
        return paused
                ? new Verdict(
                        worst.truth(),
                        "Paused",
                        "paused by annotation, nothing is changed; otherwise: " + worst.message())
                : worst;
    }

    private static int badness(Verdict verdict) {
        return verdict.truth() == Truth.FALSE ? 2 : verdict.truth() == Truth.UNKNOWN ? 1 : 0;
    }

    private Condition condition(String type, Verdict verdict) {
        Condition before = previous == null
                ? null
                : previous.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst()
                        .orElse(null);
        String since =
                before != null && before.status() == verdict.truth() ? before.lastTransitionTime() : now.toString();
        return new Condition(
                type, verdict.truth(), verdict.reason(), VisibleText.of(verdict.message()), since, generation);
    }

    private static @Nullable String fraction(List<IndexStatus> indexes) {
        List<IndexStatus> wanted = indexes.stream()
                .filter(index -> index.origin() != IndexStatus.Origin.REMOVED)
                .toList();
        long valid = wanted.stream()
                .filter(index -> index.state() == IndexStatus.State.VALID)
                .count();
        return wanted.isEmpty() ? null : valid + "/" + wanted.size();
    }

    private static @Nullable String blockedBy(List<IndexStatus> indexes) {
        return indexes.stream()
                .map(IndexStatus::blockedBy)
                .filter(Objects::nonNull)
                .findFirst()
                .map(VisibleText::of)
                .orElse(null);
    }
}
