package dev.headroom.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # schedule        | length | now                  | zone          | on
                    0 22 * * *        | PT2H   | 2026-11-30T22:00:00Z | UTC           | true
                    0 22 * * *        | PT2H   | 2026-11-30T23:59:59Z | UTC           | true
                    0 22 * * *        | PT2H   | 2026-12-01T00:00:00Z | UTC           | false
                    0 22 * * *        | PT2H   | 2026-11-30T21:59:59Z | UTC           | false
                    0 22 * * *        | PT2H   | 2026-11-30T21:30:00Z | Europe/Berlin | true
                    30 2 29 3 *       | PT1H   | 2026-03-29T01:30:00Z | Europe/Berlin | false
                    0 3 25 10 *       | PT1H   | 2026-10-25T02:30:00Z | Europe/Berlin | true
                    0 9 * * 1-5       | PT1H   | 2026-11-30T09:30:00Z | UTC           | true
                    0 9 * * sat,sun   | PT1H   | 2026-11-30T09:30:00Z | UTC           | false
                    0 9 * * 7         | PT1H   | 2026-11-29T09:30:00Z | UTC           | true
                    */15 * * * *      | PT5M   | 2026-11-30T09:49:59Z | UTC           | true
                    */15 * * * *      | PT5M   | 2026-11-30T09:50:00Z | UTC           | false
                    0 0 1 jan,jul *   | PT24H  | 2026-07-01T12:00:00Z | UTC           | true
                    0 0 13 * 5        | PT24H  | 2026-11-13T12:00:00Z | UTC           | true
                    0 0 13 * 5        | PT24H  | 2026-11-20T12:00:00Z | UTC           | true
                    0 0 13 * 5        | PT24H  | 2026-11-19T12:00:00Z | UTC           | false
                    """)
    void itIsOnFromItsBeginningForItsLength(String schedule, Duration length, Instant now, String zone, boolean on) {
        assertThat(CronSchedule.of(schedule).beganWithin(length, now, ZoneId.of(zone)))
                .isEqualTo(on);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "a * * * *",
                "5-1 * * * *",
                "*/0 * * * *",
                "1,,2 * * * *",
                "1-2-3 * * * *",
                "*/5/5 * * * *",
                "-1 * * * *"
            })
    void whatIsNoScheduleIsRefusedWithItsField(String schedule) {
        assertThatThrownBy(() -> CronSchedule.of(schedule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"");
    }
}
