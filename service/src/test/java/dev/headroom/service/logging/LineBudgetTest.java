package dev.headroom.service.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private final List<Long> told = new ArrayList<>();
    private final Queue<Runnable> ends = new ArrayDeque<>();
    private final LineBudget budget = new LineBudget(3, told::add, ends::add);

    @Test
    void whatIsBeyondTheBudgetIsToldAsANumberWhenTheTimeIsOver() {
        assertThat(written(1_000)).isEqualTo(3);
        assertThat(told).isEmpty();
        passTime();
        assertThat(told).containsExactly(997L);
        assertThat(written(5)).as("lines of the next ten seconds").isEqualTo(3);
        passTime();
        assertThat(told).containsExactly(997L, 2L);
    }

    @Test
    void aBudgetThatIsKeptTellsNothing() {
        assertThat(written(3)).isEqualTo(3);
        passTime();
        assertThat(told).isEmpty();
        assertThat(ends).as("and waits for nothing").isEmpty();
    }

    @Test
    void whoStopsIsToldAtOnceAndOnce() {
        assertThat(written(4)).isEqualTo(3);
        budget.close();
        assertThat(told).containsExactly(1L);
        passTime();
        assertThat(told).containsExactly(1L);
    }

    /** Each number is so many lines that are due, before the time is over once more. */
    @Property
    void everyLineIsWrittenOrCounted(
            @ForAll @IntRange(min = 1, max = 20) int most,
            @ForAll @Size(max = 10) List<@IntRange(max = 50) Integer> bursts) {
        AtomicLong unwritten = new AtomicLong();
        Queue<Runnable> over = new ArrayDeque<>();
        LineBudget some = new LineBudget(most, unwritten::addAndGet, over::add);
        long lines = 0;
        for (int burst : bursts) {
            long now = IntStream.range(0, burst).filter(i -> some.spend()).count();
            assertThat(now).isEqualTo(Math.min(most, burst));
            lines += now;
            over.forEach(Runnable::run);
            over.clear();
        }
        assertThat(lines + unwritten.get())
                .isEqualTo(bursts.stream().mapToInt(Integer::intValue).sum());
    }

    private long written(int due) {
        return IntStream.range(0, due).filter(i -> budget.spend()).count();
    }

    private void passTime() {
        while (!ends.isEmpty()) {
            ends.remove().run();
        }
    }
}
