package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementTimedOut;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedFaultsTest {
    private final List<String> unsaid = new ArrayList<>();
    private final RepeatedFaults faults =
            new RepeatedFaults((requests, route, fault) -> unsaid.add(requests + " " + route + " " + fault));

    @Test
    void theFirstIsSaidAndThenHowManyMoreThereWere() {
        assertThat(faults.turn("/tasks/", DatabaseUnavailable.class, "database-unavailable"))
                .isTrue();
        for (int i = 0; i < 1_000; i++) {
            assertThat(faults.turn("/tasks/", DatabaseUnavailable.class, "database-unavailable"))
                    .isFalse();
        }
        faults.close();
        assertThat(unsaid).containsExactly("1000 /tasks/ database-unavailable");
        assertThat(faults.turn("/tasks/", DatabaseUnavailable.class, "database-unavailable"))
                .isTrue();
    }

    @Test
    void anotherRouteAndAnotherFaultAreSaidForThemselves() {
        assertThat(faults.turn("/tasks/", DatabaseUnavailable.class, "database-unavailable"))
                .isTrue();
        assertThat(faults.turn("/topics/", DatabaseUnavailable.class, "database-unavailable"))
                .isTrue();
        assertThat(faults.turn("/tasks/", StatementTimedOut.class, "timed-out")).isTrue();
        assertThat(faults.turn("/tasks/", StatementTimedOut.class, "timed-out")).isFalse();
        faults.close();
        assertThat(unsaid).containsExactly("1 /tasks/ timed-out");
    }
}
