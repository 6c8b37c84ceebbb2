package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Notice.Severity;
import dev.headroom.operator.crd.Condition;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformanceStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionsTest {

    private static final DbPerformanceStatus VALID = status(Truth.TRUE, "IndexesValid", "IndexesValid", "3 indexes");

    @Test
    void theFirstStatusIsTold_readysEchoIsNot() {
        assertThat(StatusDraft.transitions(null, VALID)).containsExactly(Notice.normal("IndexesValid", "3 indexes"));
    }

    @Test
    void anotherMessageIsNotWorthAnEvent() {
        assertThat(StatusDraft.transitions(VALID, status(Truth.TRUE, "IndexesValid", "IndexesValid", "4 indexes")))
                .isEmpty();
    }

    @Test
    void anotherReasonIs_andBlindnessIsAWarning() {
        DbPerformanceStatus blind = status(Truth.UNKNOWN, "TlsFailed", "TlsFailed", "certificate");
        assertThat(StatusDraft.transitions(VALID, blind))
                .singleElement()
                .extracting(Notice::severity, Notice::reason)
                .containsExactly(Severity.WARNING, "TlsFailed");
        assertThat(StatusDraft.transitions(blind, VALID)).containsExactly(Notice.normal("IndexesValid", "3 indexes"));
    }

    @Test
    void whatOnlyReadySaysIsTold() {
        DbPerformanceStatus paused = status(Truth.TRUE, "Paused", "IndexesValid", "3 indexes");
        assertThat(StatusDraft.transitions(VALID, paused))
                .extracting(Notice::reason)
                .containsExactly("Paused");
        assertThat(StatusDraft.transitions(paused, paused)).isEmpty();
        assertThat(StatusDraft.transitions(paused, VALID))
                .as("the end of a pause is no news of an index")
                .isEmpty();
    }

    private static DbPerformanceStatus status(Truth truth, String ready, String reason, String message) {
        return new DbPerformanceStatus(
                1L,
                List.of(
                        new Condition("Ready", truth, ready, message, Resources.at(1), 1L),
                        new Condition("IndexesReady", truth, reason, message, Resources.at(1), 1L)),
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null);
    }
}
