package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.StatusLimits;
import dev.headroom.support.VisibleText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The status after a pass, from the last outcome of each concern. Of the previous status only two things are kept: when a
 * condition last changed, and what a concern that cannot look now had found before.
 */
final class StatusDraft {

    private static final String READY = "Ready";

    /** The two that tools know from kstatus; each is there only while it holds. */
    private static final String RECONCILING = "Reconciling";

    private static final String STALLED = "Stalled";

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
        Verdict ready = ready(outcomes, paused);
        conditions.add(condition(READY, ready));
        if (ready.truth() != Truth.TRUE && !paused) {
            conditions.add(condition(
                    ready.reason().isStalled() ? STALLED : RECONCILING, Verdict.yes(ready.reason(), ready.message())));
        }
        DbPerformanceStatus status = previous == null ? DbPerformanceStatus.EMPTY : previous;
        for (ConcernOutcome outcome : outcomes) {
            outcome.verdicts().forEach((type, verdict) -> conditions.add(condition(type, verdict)));
            if (outcome.report() != null) {
                status = outcome.report().section().apply(status);
            }
        }
        return StatusLimits.applied(status.with(generation, conditions));
    }

    /** Ready says what the worst concern says: one that is not as wanted before one that could not be seen. */
    private static Verdict ready(List<ConcernOutcome> outcomes, boolean paused) {
        Verdict worst = outcomes.stream()
                .filter(outcome -> !outcome.observed())
                .flatMap(outcome -> outcome.verdicts().values().stream())
                .filter(verdict -> verdict.truth() != Truth.TRUE)
                .min((a, b) -> Integer.compare(badness(b), badness(a)))
                .orElseGet(() -> settled(outcomes));
        return paused
                ? new Verdict(
                        worst.truth(),
                        Reason.PAUSED,
                        "paused by annotation, nothing is changed; otherwise: " + worst.message())
                : worst;
    }

    private static Verdict settled(List<ConcernOutcome> outcomes) {
        if (outcomes.stream().anyMatch(ConcernOutcome::observed)) {
            return Verdict.yes(
                    Reason.OBSERVING,
                    "looks and changes nothing; "
                            + outcomes.stream()
                                    .filter(ConcernOutcome::observed)
                                    .flatMap(outcome -> outcome.verdicts().values().stream())
                                    .map(Verdict::message)
                                    .collect(Collectors.joining("; ")));
        }
        List<Verdict> verdicts = outcomes.stream()
                .flatMap(outcome -> outcome.verdicts().values().stream())
                .toList();
        return verdicts.size() == 1
                ? verdicts.getFirst()
                : Verdict.yes(Reason.AS_DECLARED, "everything is as declared");
    }

    private static int badness(Verdict verdict) {
        return verdict.truth() == Truth.FALSE ? 2 : verdict.truth() == Truth.UNKNOWN ? 1 : 0;
    }

    private Condition condition(String type, Verdict verdict) {
        Condition before = find(previous, type);
        String since =
                before != null && before.status() == verdict.truth() ? before.lastTransitionTime() : now.toString();
        return new Condition(
                type,
                verdict.truth(),
                verdict.reason().toString(),
                VisibleText.of(verdict.message()),
                since,
                generation);
    }

    /**
     * What is worth an Event between two statuses: a condition with another status or another reason. Ready repeats what a concern
     * says; only where it says something of its own (Paused) it is told.
     */
    static List<Notice> transitions(@Nullable DbPerformanceStatus before, DbPerformanceStatus after) {
        List<Notice> notices = new ArrayList<>();
        for (Condition now : after.conditions()) {
            if (now.type().equals(RECONCILING) || now.type().equals(STALLED)) {
                continue; // they repeat what Ready says
            }
            Condition was = find(before, now.type());
            boolean told = was != null && was.status() == now.status() && Objects.equals(was.reason(), now.reason());
            boolean echo = now.type().equals(READY)
                    && after.conditions().stream()
                            .anyMatch(other -> !other.type().equals(READY)
                                    && other.reason().equals(now.reason()));
            if (!told && !echo) {
                notices.add(
                        now.status() == Truth.UNKNOWN
                                ? Notice.warning(now.reason(), now.message())
                                : Notice.normal(now.reason(), now.message()));
            }
        }
        return notices;
    }

    private static @Nullable Condition find(@Nullable DbPerformanceStatus status, String type) {
        return status == null
                ? null
                : status.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst()
                        .orElse(null);
    }
}
