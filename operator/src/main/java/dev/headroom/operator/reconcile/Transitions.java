package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is worth an Event between two statuses: a condition that has another status or another reason. */
final class Transitions {

    private Transitions() {}

    /** Ready repeats what a concern says; only where it says something of its own (Paused) it is told. */
    static List<Notice> between(@Nullable DbPerformanceStatus before, DbPerformanceStatus after) {
        List<Notice> notices = new ArrayList<>();
        for (Condition now : after.conditions()) {
            if (now.type().equals(StatusDraft.RECONCILING) || now.type().equals(StatusDraft.STALLED)) {
                continue; // they repeat what Ready says
            }
            Condition was = of(before, now.type());
            boolean told = was != null && was.status() == now.status() && Objects.equals(was.reason(), now.reason());
            boolean echo = now.type().equals(StatusDraft.READY)
                    && after.conditions().stream()
                            .anyMatch(other -> !other.type().equals(StatusDraft.READY)
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

    private static @Nullable Condition of(@Nullable DbPerformanceStatus status, String type) {
        return status == null
                ? null
                : status.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst()
                        .orElse(null);
    }
}
