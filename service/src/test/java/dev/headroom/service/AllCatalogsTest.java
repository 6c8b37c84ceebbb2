package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled catalogs in one database, each in its schema. */
class AllCatalogsTest {
    private static final String ALL = "--catalogs.enabled=statehub,plots,agents";

    @Test
    void allAreServedTogetherAndDescribed() {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database, ALL, "--catalogs.sample-scale=0.0005")) {
            String openApi = service.get("/openapi").body();
            assertThat(openApi)
                    .contains("\"/tasks/\"", "\"/plots/filter\"", "\"/specs/{spec_id}/{library}/code\"")
                    .contains("\"/api/tasks\"", "\"/api/performance/database\"");

            assertThat(service.get("/plots/filter?limit=1&lib=plotly").body())
                    .startsWith("{\"total\":5,\"images\":[{\"spec_id\":");
            assertThat(service.get("/specs/").headers().firstValue("X-Query-Count"))
                    .contains("1");
            assertThat(service.get("/api/agents").statusCode()).isEqualTo(200);
            assertThat(service.get("/api/performance/database").body()).contains("\"table\":\"messages\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/plots/filter?limit=-1",
                "/plots/filter?offset=x",
                "/api/agents/no-uuid",
                "/api/tasks?limit=5001",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=yesterdayish",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=2026-01-01T00:00:00Z,x",
                "/api/channels/00000000-0000-0000-0000-000000000000/messages?before=a,b,c",
            })
    void aBadParameterIsABadRequest(String path) {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database, ALL)) {
            assertThat(service.get(path).statusCode()).isEqualTo(400);
        }
    }
}
