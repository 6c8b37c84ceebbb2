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
    void a_duration_on_a_bound_counts_as_at_most_that_bound() {
        histogram.record(TimeUnit.MILLISECONDS.toNanos(100));
        histogram.record(TimeUnit.MILLISECONDS.toNanos(100) + 1);

        assertThat(countUpTo(0.1)).isEqualTo(1);
        assertThat(countUpTo(0.125)).isEqualTo(2);
    }

    @Test
    void what_is_over_the_last_bound_counts_only_in_the_whole() {
        histogram.record(TimeUnit.SECONDS.toNanos(60));

        assertThat(countUpTo(10)).isZero();
        assertThat(histogram.snapshot().count()).isEqualTo(1);
        assertThat(histogram.snapshot().sumSeconds()).isEqualTo(60);
    }

    @Test
    void threads_that_record_at_the_same_time_lose_nothing() throws InterruptedException {
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
    void each_bucket_counts_whatever_took_no_longer_than_its_bound(
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
