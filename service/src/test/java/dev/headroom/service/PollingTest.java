package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A dashboard that asks once a minute whether anything is new. */
class PollingTest {
    private static final String SUMMARY = "/state/summary";

    @Test
    void thereIsNothingToFetchWhileNothingChanged_alsoWhenItWasCountedAnewMeanwhile() {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database, "--cache.clients-may-renew=true")) {
            HttpResponse<String> first = service.get(SUMMARY);
            HttpResponse<String> again = service.get(SUMMARY, "Cache-Control", "no-cache");
            assertThat(again.headers().firstValue("X-Query-Count")).contains("1");
            assertThat(again.body()).isEqualTo(first.body()).contains("generated_at");
            String etag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(service.get(SUMMARY, "If-None-Match", etag).statusCode()).isEqualTo(304);

            LittleCatalog.execute(
                    database,
                    "insert into statehub.domains (id, slug, title, status)"
                            + " values (gen_random_uuid(), 'new', 'New', 'active')");
            HttpResponse<String> changed = service.get(SUMMARY, "Cache-Control", "no-cache");
            assertThat(changed.body()).isNotEqualTo(first.body());
            assertThat(changed.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(etag);
        }
    }
}
