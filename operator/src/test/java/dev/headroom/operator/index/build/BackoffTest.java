package dev.headroom.operator.index.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.index.build.Attempts.Backoff;
import dev.headroom.operator.index.build.Outcome.Kind;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Property(tries = 500)
    void thereIsAlwaysANextTryWithinTheCap(
            @ForAll Kind kind, @ForAll @IntRange(min = 1) int failures, @ForAll @DoubleRange(max = 1) double chance) {
        Duration wait = Backoff.after(kind, failures, chance);
        assertThat(wait).isBetween(Duration.ofSeconds(4), Duration.ofMinutes(kind.needsAPerson() ? 72 : 6));
    }

    @Test
    void itDoublesUntilFiveMinutes() {
        assertThat(Backoff.after(Kind.OTHER, 1, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(Backoff.after(Kind.OTHER, 3, 0.5)).isEqualTo(Duration.ofSeconds(20));
        assertThat(Backoff.after(Kind.OTHER, 50, 0.5)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void whatNeedsAPersonIsNotTriedHotly() {
        assertThat(Backoff.after(Kind.DUPLICATE_KEY, 1, 0.5)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Backoff.after(Kind.RIGHTS, 50, 0.5)).isEqualTo(Duration.ofHours(1));
    }
}
