package dev.headroom.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class HistogramTest {

    private final Histogram histogram = new Histogram();

    @Test
    void aDurationOnABoundCountsAsAtMostThatBound() {
        histogram.record(TimeUnit.MILLISECONDS.toNanos(100));
        histogram.record(TimeUnit.MILLISECONDS.toNanos(100) + 1);

        assertThat(countUpTo(0.1)).isEqualTo(1);
        assertThat(countUpTo(0.125)).isEqualTo(2);
    }

    @Test
    void whatIsOverTheLastBoundCountsOnlyInTheWhole() {
        histogram.record(TimeUnit.SECONDS.toNanos(60));

        assertThat(countUpTo(10)).isZero();
        assertThat(histogram.snapshot().count()).isEqualTo(1);
        assertThat(histogram.snapshot().sumSeconds()).isEqualTo(60);
    }

    @Test
    void threadsThatRecordAtTheSameTimeLoseNothing() throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int thread = 0; thread < 8; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        histogram.record(1_000_000);
                    }
                });
            }
        }
        assertThat(histogram.snapshot().count()).isEqualTo(80_000);
        assertThat(histogram.snapshot().sumSeconds()).isEqualTo(80);
    }

    @Property
    void eachBucketCountsWhateverTookNoLongerThanItsBound(
            @ForAll @NotEmpty long @LongRange(min = 0, max = 9_000_000_000L) [] durations) {
        Histogram filled = new Histogram();
        for (long nanos : durations) {
            filled.record(nanos);
        }
        Histogram.Snapshot snapshot = filled.snapshot();
        assertThat(snapshot.cumulative()).isSorted().hasSize(Histogram.bounds().length + 1);
        assertThat(snapshot.count()).isEqualTo(durations.length);
        for (int bucket = 0; bucket < Histogram.bounds().length; bucket++) {
            long bound = Math.round(Histogram.bounds()[bucket] * 1e9);
            assertThat(snapshot.cumulative().get(bucket))
                    .isEqualTo(LongStream.of(durations)
                            .filter(nanos -> nanos <= bound)
                            .count());
        }
    }

    private long countUpTo(double bound) {
        for (int bucket = 0; bucket < Histogram.bounds().length; bucket++) {
            if (Histogram.bounds()[bucket] == bound) {
                return histogram.snapshot().cumulative().get(bucket);
            }
        }
        throw new IllegalArgumentException("no bound " + bound);
    }
}
