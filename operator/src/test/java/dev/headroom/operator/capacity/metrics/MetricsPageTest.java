package dev.headroom.operator.capacity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {

    private static final Instant AT = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void thePageOfTheServiceHasEverythingThatCapacityAsks() throws Exception {
        MetricsPage page = read(Files.readString(Path.of("../docs/contract/metrics.txt")));

        assertThat(page.scrape().requests()).containsKeys("/tasks/", "/domains/");
        assertThat(page.scrape().requests().get("/tasks/").count()).isPositive();
        assertThat(page.scrape().statements()).containsKey("statehub.domains");
        assertThat(page.scrape().waits()).isPresent();
        assertThat(page.scrape().cpuSeconds()).isPresent();
        assertThat(page.scrape().shed()).isPresent();
        assertThat(page.scrape().inFlight()).isPresent();
        assertThat(page.scrape().startedAt()).isAfter(Instant.EPOCH);
        assertThat(page.poolSize()).isPresent();
        assertThat(page.generation()).hasValue(7);
        assertThat(page.outsidePool()).hasValue(2);
    }

    @Test
    void seriesOfOneRouteAreAddedUpWithoutThoseThatWereTurnedAway() throws Exception {
        MetricsPage page = read("""
                http_server_request_duration_seconds_bucket{route="/a",method="GET",status="200",le="0.1"} 3
                http_server_request_duration_seconds_bucket{route="/a",method="GET",status="200",le="+Inf"} 4
                http_server_request_duration_seconds_sum{route="/a",method="GET",status="200"} 0.5
                http_server_request_duration_seconds_bucket{route="/a",method="GET",status="404",le="0.1"} 1
                http_server_request_duration_seconds_bucket{route="/a",method="GET",status="404",le="+Inf"} 1
                http_server_request_duration_seconds_bucket{route="/a",method="GET",status="503",le="+Inf"} 90
                """);

        LatencyHistogram durations = page.scrape().requests().get("/a");
        assertThat(durations.count()).isEqualTo(5);
        assertThat(durations.sum()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db_client_connections_max 12 1700000000000 | 12",
                "db_client_connections_max{pool=\"a}\\\"b\"} 12 # {trace=\"x\"} 1 | 12",
                "db_client_connections_max NaN | -1",
                "db_client_connections_maximum 12 | -1"
            })
    void timestampsExemplarsAndOddLabelsAreUnderstoodAndNanIsUnknown(String line, int size) throws Exception {
        MetricsPage page = read("process_cpu_seconds_total 1\n" + line + "\n");

        assertThat(page.poolSize().orElse(-1)).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>502 Bad Gateway</html>\n",
                "process_cpu_seconds_total 1",
                "process_cpu_seconds_total one\n",
                "process_cpu_seconds_total\n",
                "http_server_request_duration_seconds_bucket{route=\"/a\n",
                "http_server_request_duration_seconds_bucket{route=/a} 1\n"
            })
    void aPageThatCannotBeUsedSaysWhy(String page) {
        assertThatThrownBy(() -> read(page)).isInstanceOf(Unreadable.class).hasMessageMatching("(?s).{15,200}");
    }

    /** Whatever a stranger's page holds, it is read or refused. */
    @Test
    void noPageBreaksTheReader() throws Exception {
        String page = Files.readString(Path.of("../docs/contract/metrics.txt"));
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            StringBuilder mutated = new StringBuilder(page.substring(0, 4000));
            for (int k = 0; k < 5; k++) {
                mutated.setCharAt(random.nextInt(mutated.length()), (char) random.nextInt(32, 127));
            }
            try {
                read(mutated.append('\n').toString());
            } catch (Unreadable e) {
                assertThat(e).hasMessageContaining("cannot read");
            }
        }
    }

    private static MetricsPage read(String page) throws Unreadable {
        return MetricsPage.of(page, Names.DEFAULT, "uid-1", AT);
    }
}
