package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void durationsHaveTheSameFewBuckets_whoeverMeasuresThem() {
        var registry = Metrics.registry();

        Timer.builder("operator.sdk.any")
                .publishPercentileHistogram()
                .register(registry)
                .record(Duration.ofSeconds(3));

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("operator_sdk_any_seconds_bucket")))
                .hasSize(11)
                .contains(
                        "operator_sdk_any_seconds_bucket{le=\"2.0\"} 0",
                        "operator_sdk_any_seconds_bucket{le=\"10.0\"} 1");
    }

    @Test
    void retriesOfALongOutageShareASeries() {
        var registry = Metrics.registry();

        for (int retry = 0; retry < 500; retry++) {
            registry.counter("operator.sdk.started", "reconciliations.retries.number", String.valueOf(retry))
                    .increment();
        }

        assertThat(registry.find("operator.sdk.started").counters()).hasSize(11);
    }
}
