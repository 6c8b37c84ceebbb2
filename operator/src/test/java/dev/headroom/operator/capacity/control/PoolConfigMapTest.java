package dev.headroom.operator.capacity.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.Sequencer.Published;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolConfigMapTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        List<Published> history = List.of(
                new Published(0, 10, Instant.EPOCH),
                new Published(1_764_500_000, 6, Instant.ofEpochMilli(1_764_500_000_123L)));

        Map<String, String> data = PoolConfigMap.data(history, 2);

        assertThat(data.get("pool")).isEqualTo("generation=1764500000\nmaximum-pool-size=6\nminimum-idle=2\n");
        assertThat(PoolConfigMap.of("7", data)).isEqualTo(new PoolConfigMap("7", history));
    }

    @Test
    void aPoolKeepsNoMoreIdleThanItHas() {
        assertThat(PoolConfigMap.data(List.of(new Published(1, 1, Instant.EPOCH)), 5)
                        .get("pool"))
                .contains("minimum-idle=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "1 2", "1 x 3", "1 0 3", "-1 2 3", "99999999999999999999 2 3"})
    void whatAPersonMadeOfItCountsAsNeverPublished(String history) {
        assertThat(PoolConfigMap.of("7", Map.of("history", history)).history()).isEmpty();
    }
}
