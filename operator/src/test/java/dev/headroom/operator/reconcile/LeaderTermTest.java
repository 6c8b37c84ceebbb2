package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderTermTest {

    private static final Instant CREATED = Instant.parse("2026-11-30T10:00:00Z");

    @Test
    void termsAreOrderedByTheLeaseAlone() {
        LeaderTerm first = new LeaderTerm(CREATED, 9);
        LeaderTerm next = new LeaderTerm(CREATED, 10);
        LeaderTerm afterTheLeaseWasDeleted = new LeaderTerm(CREATED.plusSeconds(60), 0);

        assertThat(first).isLessThan(next);
        assertThat(next).isLessThan(afterTheLeaseWasDeleted);
        assertThat(LeaderTerm.ALONE).isLessThan(first);
    }

    @Test
    void whatAMarkSaysIsReadAgain() {
        LeaderTerm term = new LeaderTerm(CREATED, 3);

        assertThat(LeaderTerm.first(term + " headroom-operator 1b2c 4")).contains(term);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1796082778000 headroom-operator 1b2c 4", "1/x a", "/", "99999999999999999/1 a"})
    void marksOfOlderVersionsSayNothing(String mark) {
        assertThat(LeaderTerm.first(mark)).isEmpty();
    }
}
