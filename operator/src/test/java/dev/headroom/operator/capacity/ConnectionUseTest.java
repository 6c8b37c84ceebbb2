package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** 100 connections a second are taken, each held for as long as its statement takes. */
class ConnectionUseTest {
    private static final Duration WINDOW = Duration.ofSeconds(15);

    private final ConnectionUse use = new ConnectionUse();

    private void windows(int count, double statementSeconds, boolean saturated) {
        for (int i = 0; i < count; i++) {
            use.learn(window(100, statementSeconds, 0), saturated, OptionalInt.of(8));
        }
    }

    private static ScrapeWindow window(double taken, double statementSeconds, double failed) {
        OptionalDouble unknown = OptionalDouble.empty();
        return new ScrapeWindow(
                WINDOW.toSeconds(),
                1,
                Optional.empty(),
                Optional.empty(),
                statementSeconds == 0
                        ? Map.of()
                        : Map.of("tasks", statements(taken * WINDOW.toSeconds(), statementSeconds)),
                taken == 0 ? unknown : OptionalDouble.of(taken),
                statementSeconds == 0 ? unknown : OptionalDouble.of(statementSeconds),
                OptionalDouble.of(100),
                unknown,
                unknown,
                OptionalDouble.of(failed),
                unknown,
                unknown);
    }

    private static LatencyHistogram statements(double count, double seconds) {
        double[] bounds = {10, Double.POSITIVE_INFINITY};
        return LatencyHistogram.of(bounds, new double[] {count, count}, count * seconds)
                .orElseThrow();
    }

    private double hold() {
        return use.demand().hold().orElseThrow();
    }

    @Test
    void useIsUnknownUntilConnectionsWereTaken() {
        use.learn(window(0, 0, 0), false, OptionalInt.empty());

        assertThat(use.demand().rate()).isEmpty();
        assertThat(use.demand().hold()).isEmpty();
    }

    @Test
    void holdStaysUnknownWhereOnlyWaitsAreTold() {
        windows(3, 0, false);

        assertThat(use.demand().rate()).hasValue(100);
        assertThat(use.demand().hold()).isEmpty();
    }

    /** Calls that are refused wait as well, and hold nothing. */
    @Test
    void nothingIsLearnedWhileNoStatementRuns() {
        windows(4, 0.02, false);
        windows(20, 0, false);

        assertThat(hold()).isCloseTo(0.02, within(1e-9));
    }

    @Test
    void nothingIsLearnedWhileMostRequestsFail() {
        windows(4, 0.02, false);
        use.learn(window(30, 0.001, 70), false, OptionalInt.of(8));

        assertThat(hold()).isCloseTo(0.02, within(1e-9));
        assertThat(use.demand().rate()).hasValue(100);
    }

    @Test
    void holdFollowsSlowly() {
        windows(1, 0.02, false);
        windows(1, 0.12, false);

        assertThat(hold()).isCloseTo(0.04, within(1e-9));
    }

    /** Pools that grew for it would make it slower still. */
    @Test
    void slownessOfADatabaseWithoutFreeCoresIsNotLearned() {
        windows(4, 0.02, false);
        windows(39, 0.5, true);

        assertThat(hold()).isCloseTo(0.02, within(1e-9));
        assertThat(use.demand().statement().orElseThrow()).isCloseTo(0.5, within(1e-9));
    }
}
