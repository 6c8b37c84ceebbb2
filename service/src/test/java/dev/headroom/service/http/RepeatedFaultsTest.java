package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementTimedOut;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatedFaultsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final RepeatedFaults faults = new RepeatedFaults(nanos::get);

    private OptionalLong turn(String route, Class<?> fault) {
        return faults.turn(route, fault);
    }

    @Test
    void theFirstIsSaidAndThenHowManyThereWereInTenSeconds() {
        assertThat(turn("/tasks/", DatabaseUnavailable.class)).hasValue(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(turn("/tasks/", DatabaseUnavailable.class)).isEmpty();
        }
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(turn("/tasks/", DatabaseUnavailable.class)).hasValue(1_000);
        assertThat(turn("/tasks/", DatabaseUnavailable.class)).isEmpty();
    }

    @Test
    void anotherRouteAndAnotherFaultAreSaidForThemselves() {
        assertThat(turn("/tasks/", DatabaseUnavailable.class)).hasValue(0);
        assertThat(turn("/topics/", DatabaseUnavailable.class)).hasValue(0);
        assertThat(turn("/tasks/", StatementTimedOut.class)).hasValue(0);
        assertThat(turn("/tasks/", StatementTimedOut.class)).isEmpty();
    }
}
