package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Windows of 5 s against HPA on 70 % of the processors: 7 busy pods are 10 replicas there. */
class CostLedgerTest {
    private static final double SCRAPE = 5;
    private static final double START_UP = 20;

    private final CostLedger ledger = new CostLedger(ScalingPolicy.defaults(2, 30, 95, 0.2));
    private double now = 1000;

    private void spend(double busyPods, int replicas, double seconds) {
        for (double end = now + seconds; now < end; now += SCRAPE) {
            ledger.add(now, busyPods, replicas, START_UP);
        }
    }

    @Test
    void asManyReplicasAsHpaLeaveLittleForReserve() {
        spend(7, 10, 7200);

        assertThat(ledger.allowance()).isBetween(0.1, 0.3);
    }

    @Test
    void savingsAreForReserve() {
        spend(7, 9, 3600);

        assertThat(ledger.allowance()).isEqualTo(1);
    }

    @Test
    void whatWasSpentBeyondHpaHasToBeSavedAgain() {
        spend(7, 14, 1200);
        assertThat(ledger.allowance()).isZero();

        spend(7, 8, 3600);

        assertThat(ledger.allowance()).isPositive();
    }

    @Test
    void replicasAfterPeakAreHpasToo() {
        spend(14, 20, 600);
        double before = ledger.allowance();

        // HPA keeps the highest of 300 s.
        spend(7, 20, 290);

        assertThat(ledger.allowance()).isCloseTo(before, within(0.05));
    }

    @Test
    void shortBurstCostsHpaLittle() {
        spend(5, 7, 600);
        double before = ledger.allowance();

        spend(25, 25, 30);
        spend(5, 25, 270);

        assertThat(ledger.allowance()).isLessThan(before / 2);
    }

    @Test
    void noLoadIsTheFewestReplicas() {
        spend(0, 2, 7200);

        assertThat(ledger.allowance()).isBetween(0.1, 0.3);
    }
}
