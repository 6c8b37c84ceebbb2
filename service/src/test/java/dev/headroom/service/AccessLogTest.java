package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    @Test
    void whereTheSettingAsksForItEachRequestIsALine_andNoneOtherwise() {
        assertThat(linesOf("--server.access-log=true"))
                .hasSize(2)
                .satisfiesExactly(
                        found -> assertThat(found)
                                .contains(
                                        "GET /topics/?limit=1 200 ",
                                        "ms ",
                                        "B queries=1/",
                                        " request=the-first",
                                        "from=127"),
                        refused -> assertThat(refused).contains("GET /nowhere 404 ", " queries=0/0.00ms "));
        assertThat(linesOf("--server.access-log=false")).isEmpty();
    }

    private static List<String> linesOf(String setting) {
        try (TestPostgres.Database database = TestPostgres.database();
                LoggedLines log = LoggedLines.of(Service.class.getPackage());
                RunningService service = RunningService.on(database, "--cache.enabled=false", setting)) {
            service.get("/topics/?limit=1", "X-Request-Id", "the-first");
            service.get("/nowhere");
            return log.written().stream()
                    .filter(line -> line.contains("service.access"))
                    .toList();
        }
    }
}
