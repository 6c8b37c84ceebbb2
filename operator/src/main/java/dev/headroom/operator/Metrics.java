package dev.headroom.operator;

import dev.headroom.operator.index.build.IndexWork.WorkObserver;
import dev.headroom.operator.index.build.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** What the operator measures of itself: its own work, JOSDK's queue and retries, and the process. */
final class Metrics {

    /** Bounds in seconds for every duration, from a catalog query's milliseconds to a build's hours. */
    private static final double[] BUCKETS = {0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1800, 7200};

    private Metrics() {}

    /** A registry that measures the process and gives every timer the same buckets. */
    static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config()
                .meterFilter(new SameBuckets())
                // JOSDK counts retries in a label; without a bound, a long outage would add a series with each.
                .meterFilter(MeterFilter.replaceTagValues(
                        "reconciliations.retries.number", number -> number.length() > 1 ? "10+" : number));
        JvmMetrics.builder().register(registry.getPrometheusRegistry());
        return registry;
    }

    private static final class SameBuckets implements MeterFilter {

        private final DistributionStatisticConfig buckets = DistributionStatisticConfig.builder()
                .percentilesHistogram(false)
                .serviceLevelObjectives(
                        DoubleStream.of(BUCKETS).map(seconds -> seconds * 1e9).toArray())
                .build();

        @Override
        public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
            return id.getType() == Meter.Type.TIMER ? buckets.merge(config) : config;
        }
    }

    /** Counts the tries at indexes; neither the index concern nor the registry know each other. */
    record IndexWork(MeterRegistry registry) implements WorkObserver {

        @Override
        public void began(boolean dropping) {
            Counter.builder("headroom.index.work.started")
                    .description("Tries at an index begun.")
                    .tag("work", work(dropping))
                    .register(registry)
                    .increment();
        }

        @Override
        public void ended(boolean dropping, Outcome outcome, Duration took) {
            String how = switch (outcome) {
                case Outcome.Done done -> "done";
                case Outcome.Blocked blocked -> "blocked";
                case Outcome.Failed failed -> "failed";
                case Outcome.Stopped stopped -> "stopped";
            };
            Timer.builder("headroom.index.work.duration")
                    .description("Time of one try at an index, by how it ended; its count is that of the tries.")
                    .tags("work", work(dropping), "outcome", how)
                    .register(registry)
                    .record(took);
        }

        private static String work(boolean dropping) {
            return dropping ? "drop" : "build";
        }
    }
}
