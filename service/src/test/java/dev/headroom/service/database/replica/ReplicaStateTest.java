package dev.headroom.service.database.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The model of docs/decisions/0102, state by state. */
class ReplicaStateTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ReplicaState state = new ReplicaState(Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void isNotInUseBeforeTheFirstGoodLook() {
        assertThat(state.period()).isEqualTo(ReplicaState.NONE);
        assertThat(state.begin(-5)).isTrue();
        assertThat(state.period()).isNotEqualTo(ReplicaState.NONE);
    }

    @Test
    void anotherGoodLookChangesNothing() {
        state.begin(0);
        long first = state.period();

        assertThat(state.begin(SECOND)).isFalse();
        assertThat(state.period()).isEqualTo(first);
    }

    @Test
    void failuresOfOnePeriodCountOnce() {
        state.begin(0);
        long period = state.period();

        assertThat(state.fail(period, 0)).isTrue();
        for (int late = 0; late < 50; late++) {
            assertThat(state.fail(period, 0)).isFalse();
        }

        assertThat(state.begin(SECOND - 1)).isFalse();
        assertThat(state.begin(SECOND)).isTrue();
    }

    @Test
    void aStatementOfAnEarlierPeriodSaysNothingAboutTheNext() {
        state.begin(0);
        long first = state.period();
        state.fail(first, 0);
        state.begin(SECOND);

        assertThat(state.fail(first, SECOND)).isFalse();
        assertThat(state.period()).isGreaterThan(first);
    }

    @Test
    void aBadLookEndsThePeriodWithoutAPause() {
        state.begin(0);

        assertThat(state.end()).isTrue();
        assertThat(state.end()).isFalse();
        assertThat(state.begin(0)).isTrue();
    }

    @Test
    void aStatementThatFailsAfterABadLookCausesNoPause() {
        state.begin(0);
        long period = state.period();
        state.end();

        assertThat(state.fail(period, 0)).isFalse();
        assertThat(state.begin(0)).isTrue();
    }

    @Test
    void eachFailureSoonAfterTheLastDoublesThePauseUpToTheLimit() {
        long now = 100 * SECOND;
        state.begin(now);
        for (long pause : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            state.fail(state.period(), now);
            assertThat(state.begin(now + pause * SECOND - 1)).isFalse();
            now += pause * SECOND;
            assertThat(state.begin(now)).isTrue();
        }
    }

    @Test
    void aFailureAfterALongGoodTimeStartsFromTheShortestPause() {
        state.begin(0);
        state.fail(state.period(), 0);
        state.begin(SECOND);
        state.fail(state.period(), SECOND);
        long later = 60 * SECOND;
        state.begin(later);
        state.fail(state.period(), later);

        assertThat(state.begin(later + SECOND)).isTrue();
    }
}
