package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
                    .contains("\"errors\":0,", "\"redis_connected\":false");
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
