package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A slow database at night: the log stays small, and tells what it left out. */
class SlowLinesTest {
    private static final int REQUESTS = 12;

    @Test
    void slowRequestsAndStatementsAreWrittenWithinABudgetAndTheRestIsCounted() {
        List<String> lines;
        try (TestPostgres.Database database = TestPostgres.database();
                LoggedLines log = LoggedLines.of(Service.class.getPackage())) {
            try (RunningService service = RunningService.on(
                    database,
                    "--cache.enabled=false",
                    "--profile.slow-request-warn=0ms",
                    "--profile.slow-request-error=1h",
                    "--profile.slow-request-lines=3",
                    "--profile.slow-statement-warn=1h",
                    "--profile.slow-statement-error=1h")) {
                for (int i = 0; i < REQUESTS; i++) {
                    assertThat(service.get("/topics/?limit=1").statusCode()).isEqualTo(200);
                }
                assertThat(service.admin("/metrics").body())
                        .as("the metrics count all")
                        .containsPattern("http_server_request_duration_seconds_count\\{[^}]*route=\"/topics/\"[^}]*} "
                                + REQUESTS);
            }
            lines = log.lines();
        }
        assertThat(lines)
                .filteredOn(line -> line.startsWith("WARNING slow request GET /topics/ 200"))
                .hasSize(3);
        assertThat(lines)
                .contains("WARNING 9 slow requests left out of the log in the last 10 s, beyond"
                        + " profile.slow-request-lines; the metrics count all");
    }
}
