package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the metrics page and the report say of the cache is what clients got. */
class CacheCountsTest {
    private final TestPostgres.Database database = TestPostgres.database();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theCountsAreThoseOfTheRequests() {
        try (RunningService counted = RunningService.on(database, "--catalogs.enabled=statehub,agents")) {
            WholeFleet.awaitHearing(counted);
            counted.get("/domains/");
            counted.get("/domains/");
            counted.get("/domains/", "Accept-Encoding", "gzip");
            assertThat(counted.admin("/metrics").body())
                    .contains("cache_requests_total{route=\"/domains/\",result=\"miss\"} 1")
                    .contains("cache_requests_total{route=\"/domains/\",result=\"local_hit\"} 2")
                    .contains("cache_computations_total{route=\"/domains/\"} 1")
                    .contains("cache_shared_up 0")
                    .contains("cache_hears_changes 1");
            assertThat(counted.get("/api/performance/cache").body())
                    .contains("\"enabled\":true,\"hits\":2,")
                    .contains("\"errors\":0,", "\"redis_connected\":false", "\"hears_changes\":true")
                    .contains(
                            "\"/domains/\":{\"hits\":2,\"stale\":0,\"misses\":1,\"served_after_failure\":0,"
                                    + "\"served_while_slow\":0,\"refreshes\":0,\"failed_computations\":0,\"lease_waits\":0,\"invalidations\":0,\"body_bytes\":");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cache.changes=false", "--cache.enabled=false"})
    void nothingSaysThatChangesAreMissedWhereTheyAreNotListenedFor(String setting) {
        try (RunningService deaf = RunningService.on(database, "--catalogs.enabled=statehub", setting)) {
            assertThat(deaf.admin("/metrics").body())
                    .contains("cache_local_entries 0")
                    .doesNotContain("cache_hears_changes");
        }
    }

    @Test
    void whatIsServedBecauseItsStatementFailedIsNoHit() {
        try (RunningService failing = RunningService.on(database, "--catalogs.enabled=statehub,agents")) {
            WholeFleet.awaitHearing(failing);
            failing.get("/domains/");
            LittleCatalog.execute(
                    database,
                    "begin; update statehub.domains set updated_at = now() where false;"
                            + " alter table statehub.domains rename to elsewhere; commit");
            await().untilAsserted(() -> assertThat(WholeFleet.status(failing.get("/domains/")))
                    .isEqualTo("headroom; fwd=stale; detail=local-failed"));
            failing.get("/domains/"); // whose answer ended once, however often it is asked for
            assertThat(Figure.of(failing, "cache_ended_answers_total{route=\"/domains/\"}"))
                    .isEqualTo(1);
            long hits = Figure.of(failing, "cache_requests_total{route=\"/domains/\",result=\"local_hit\"}");
            long failed = Figure.of(failing, "cache_requests_total{route=\"/domains/\",result=\"local_failed\"}");
            assertThat(failing.get("/api/performance/cache").body())
                    .contains("\"/domains/\":{\"hits\":" + hits + ",\"stale\":0,\"misses\":" + (1 + failed)
                            + ",\"served_after_failure\":" + failed
                            + ",\"served_while_slow\":0,\"refreshes\":0,\"failed_computations\":" + failed);
        }
    }

    @Test
    void theBytesAreThoseThatWereSent() {
        try (RunningService counted = RunningService.on(database, "--catalogs.sample-scale=0.003")) {
            WholeFleet.awaitHearing(counted);
            HttpResponse<String> plain = counted.get("/topics/");
            long sent = plain.body().getBytes(StandardCharsets.UTF_8).length;
            String etag = plain.headers().firstValue("ETag").orElseThrow();
            assertThat(counted.get("/topics/", "If-None-Match", etag).statusCode())
                    .isEqualTo(304);
            assertThat(counted.send("HEAD", "/topics/").statusCode()).isEqualTo(200);
            HttpResponse<String> gzip = counted.get("/topics/", "Accept-Encoding", "gzip");
            assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
            long compressed = gzip.headers().firstValueAsLong("Content-Length").orElseThrow();
            assertThat(compressed).isPositive().isLessThan(sent);
            assertThat(Figure.of(counted, "cache_body_bytes_total{route=\"/topics/\"}"))
                    .isEqualTo(sent + compressed);
        }
    }
}
