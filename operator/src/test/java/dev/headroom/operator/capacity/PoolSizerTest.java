package dev.headroom.operator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.PoolSizer.Demand;
import dev.headroom.operator.capacity.PoolSizer.Size;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PoolSizerTest {
    private final PoolSizer sizer = new PoolSizer(2, 20);

    private static Demand demand(double rate, double hold) {
        return new Demand(
                OptionalDouble.of(rate), OptionalDouble.of(hold), OptionalDouble.empty(), OptionalInt.empty());
    }

    private int size(int granted, int pods, Demand demand) {
        return sizer.size(granted, pods, pods, 0, demand, OptionalInt.empty()).perPod();
    }

    @Test
    void budgetIsDividedByTheMostPods() {
        assertThat(size(60, 7, demand(10_000, 0.1))).isEqualTo(8);
    }

    @Test
    void needIsLittlesLawWithRoomForBursts() {
        Size size = sizer.size(200, 4, 4, 0, demand(400, 0.04), OptionalInt.empty());

        assertThat(size.perPod()).isEqualTo(11); // 100/s × 40 ms = 4 in use, + 3 × √4 + 1
        assertThat(size.sentence()).isEqualTo("pool 11: the load needs 11, 200 ÷ 4 pods allows 50, within 2 to 20");
    }

    @Test
    void connectionsOutsideThePoolComeOffEachPodsPart() {
        assertThat(sizer.size(60, 6, 6, 3, demand(10_000, 0.1), OptionalInt.empty())
                        .perPod())
                .isEqualTo(7);
    }

    @Test
    void minAndMaxBoundTheNeed() {
        assertThat(size(200, 4, demand(1, 0.001))).isEqualTo(2);
        assertThat(size(2000, 4, demand(10_000, 1))).isEqualTo(20);
    }

    @Test
    void tooSmallABudgetGoesBelowTheMinimumAndSaysSo() {
        Size size = sizer.size(7, 4, 4, 0, demand(100, 0.1), OptionalInt.empty());

        assertThat(size.perPod()).isEqualTo(1);
        assertThat(size.sentence()).contains("below pool.minPerReplica 2");
    }

    @Test
    void coresOfTheDatabaseBoundWhatASlowStatementNeeds() {
        assertThat(size(400, 4, slow(PoolSizer.usefulSessions(8, 0)))).isEqualTo(5);
    }

    /** In a lock storm the other statements are served only if connections are left for them. */
    @Test
    void statementsThatWaitForLocksTakeNoCores() {
        assertThat(size(400, 4, slow(PoolSizer.usefulSessions(8, 30)))).isEqualTo(14);
    }

    private static Demand slow(int usefulSessions) {
        return new Demand(
                OptionalDouble.of(400),
                OptionalDouble.of(0.5),
                OptionalDouble.of(0.45),
                OptionalInt.of(usefulSessions));
    }

    @Test
    void smallChangesOfNeedAreNotWorthAWrite() {
        assertThat(sizer.size(200, 4, 4, 0, demand(400, 0.03), OptionalInt.of(11))
                        .perPod())
                .isEqualTo(11);
        assertThat(sizer.size(200, 4, 4, 0, demand(40, 0.01), OptionalInt.of(11))
                        .perPod())
                .isEqualTo(3);
    }

    @Test
    void unknownNeedKeepsTheSizeWithinTheBudget() {
        assertThat(sizer.size(200, 4, 4, 0, Demand.UNKNOWN, OptionalInt.of(9)).perPod())
                .isEqualTo(9);
        assertThat(sizer.size(20, 4, 4, 0, Demand.UNKNOWN, OptionalInt.of(9)).perPod())
                .isEqualTo(5);
        assertThat(sizer.size(20, 4, 4, 0, Demand.UNKNOWN, OptionalInt.empty()).perPod())
                .isEqualTo(5);
    }

    @Property(tries = 1000)
    void sizesFitTheBudgetWheneverOneEachFits(
            @ForAll @IntRange(min = 1, max = 500) int granted,
            @ForAll @IntRange(min = 1, max = 60) int pods,
            @ForAll @IntRange(max = 3) int outside,
            @ForAll @DoubleRange(min = 0, max = 5000) double rate,
            @ForAll @IntRange(min = 1, max = 30) int current) {
        int size = sizer.size(granted, pods, pods, outside, demand(rate, 0.02), OptionalInt.of(current))
                .perPod();

        assertThat(size).isBetween(1, 20);
        if (granted >= pods * (1 + outside)) {
            assertThat(pods * (size + outside)).isLessThanOrEqualTo(granted);
        }
    }
}
