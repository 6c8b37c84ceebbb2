package dev.headroom.service.http.seen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SlowestRequestsTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private final SlowestRequests slowest = new SlowestRequests(3, 0);

    @Test
    void onlyTheSlowestAreKeptTheSlowestFirst() {
        for (int millis : new int[] {5, 1, 9, 3, 7, 2}) {
            offer(1, millis);
        }
        assertThat(slowest.slowest())
                .extracting(request -> request.took().toMillis())
                .containsExactly(9L, 7L, 5L);
    }

    @Test
    void whatWasSlowLongAgoIsForgotten() {
        offer(1, 1000);
        offer(11 * MINUTE, 10);
        assertThat(slowest.slowest()).hasSize(2);
        offer(22 * MINUTE, 20);
        assertThat(slowest.slowest())
                .extracting(request -> request.took().toMillis())
                .containsExactly(20L, 10L);
        offer(90 * MINUTE, 30);
        assertThat(slowest.slowest()).hasSize(1);
    }

    private void offer(long now, int millis) {
        Duration took = Duration.ofMillis(millis);
        slowest.offer(
                now,
                took.toNanos(),
                () -> new SlowRequest(Instant.EPOCH, "GET", "/x", 200, took, 1, Duration.ZERO, Duration.ZERO, "id"));
    }
}
