package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

class SlowestTest {

    @Test
    void theAdminPortTellsTheSlowestRequestsAndStatementsWithoutTheirValues() {
        try (TestPostgres.Database database = TestPostgres.database();
                LoggedLines log = LoggedLines.ofAll();
                RunningService service = RunningService.on(database, "--profile.slow-statement-warn=0ms")) {
            service.get("/tasks/00000000-0000-0000-0000-0000000c0de5", "X-Request-Id", "the-slow-one");
            assertThat(service.admin("/slowest").body())
                    .contains("\"requests\":[{", "\"method\":\"GET\",\"route\":\"/tasks/{id}\",\"status\":404")
                    .contains("\"queries\":1,\"querying_ms\":", "\"request_id\":\"the-slow-one\"")
                    .contains("\"statements\":[{", "\"statement\":\"statehub.tasks-id\"", "\"waited_ms\":")
                    .doesNotContain("c0de5", "select");
            assertThat(log.written()).noneMatch(line -> line.contains("c0de5"));
        }
    }
}
