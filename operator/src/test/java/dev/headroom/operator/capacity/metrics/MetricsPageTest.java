package dev.headroom.operator.capacity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.capacity.LatencyHistogram;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
        assertThat(page.scrape().holds()).isPresent();
        assertThat(page.scrape().cpuSeconds()).isPresent();
        assertThat(page.scrape().shed()).isPresent();
        assertThat(page.scrape().inFlight()).isPresent();
        assertThat(page.scrape().startedAt()).isAfter(Instant.EPOCH);
        assertThat(page.poolSize()).isPresent();
        assertThat(page.generation()).hasValue(7);
        assertThat(page.outsidePool()).hasValue(2);
    }

    @Test
    void seriesOfOneRouteAreAddedUpWithoutThoseThatWereUnavailable() throws Exception {
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

    @Test
    void requestsThatFailedAreCounted() throws Exception {
        PodScrape scrape = read("""
                http_server_request_duration_seconds_count{route="/a",status="200"} 4
                http_server_request_duration_seconds_count{route="/a",status="500"} 3
                http_server_request_duration_seconds_count{route="/a",status="503"} 20
                http_server_request_duration_seconds_count{route="/b",status="503"} 30
                process_cpu_seconds_total 1
                """).scrape();

        assertThat(scrape.unavailable()).hasValue(50);
        assertThat(scrape.failed()).hasValue(53);
    }

    @Test
    void aGenerationIsInForceWhereEachPoolHasIt() throws Exception {
        MetricsPage page = read("""
                db_client_connections_max{pool="a"} 4
                db_client_connections_max{pool="b"} 5
                db_client_connections_generation{pool="a"} 1764500000
                db_client_connections_generation{pool="b"} 1764400000
                """);

        assertThat(page.poolSize()).hasValue(9);
        assertThat(page.generation()).hasValue(1764400000);
    }

    @Test
    void aProcessBeganLastAndNotInTheFuture() throws Exception {
        PodScrape scrape = read("""
                process_start_time_seconds{job="a"} 1764500000
                process_start_time_seconds{job="b"} 1764500100.5
                process_start_time_seconds{job="c"} 99999999999
                db_client_connections_max 4
                """).scrape();

        assertThat(scrape.startedAt()).isEqualTo(Instant.ofEpochMilli(1764500100500L));
        assertThat(read("process_start_time_seconds 99999999999\ndb_client_connections_max 4\n")
                        .scrape()
                        .startedAt())
                .isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({"process_cpu_time_ns_total, 4.2E9", "process_cpu_time_ns, 4200000000", "node_cpu_seconds, 4.2"})
    void processorTimeIsInTheUnitOfItsName(String name, String value) throws Exception {
        Names names = new ObjectMapper().readValue("{\"cpu\":\"" + name + "\"}", Names.class);

        assertThat(MetricsPage.of(name + " " + value + "\n", names, "uid-1", AT)
                        .scrape()
                        .cpuSeconds())
                .hasValue(4.2);
    }

    @Test
    void waitsAndHoldsOfOtherPoolsAreReadByTheirNames() throws Exception {
        Names hikari = new ObjectMapper().readValue("""
                {"waits": "hikaricp_connections_acquire_seconds", "holds": "hikaricp_connections_usage_seconds"}
                """, Names.class);

        PodScrape scrape = MetricsPage.of("""
                hikaricp_connections_acquire_seconds_bucket{pool="main",le="+Inf"} 5
                hikaricp_connections_acquire_seconds_sum{pool="main"} 0.1
                hikaricp_connections_usage_seconds_bucket{pool="main",le="+Inf"} 4
                hikaricp_connections_usage_seconds_sum{pool="main"} 0.4
                process_cpu_seconds_total 1
                """, hikari, "uid-1", AT).scrape();

        assertThat(scrape.waits().orElseThrow().count()).isEqualTo(5);
        assertThat(scrape.holds().orElseThrow().mean()).hasValue(0.1);
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "7",
                "12.5",
                "5.0E-4",
                "0.1",
                "123456789012345",
                "1234567890123456789",
                "0.30000000000000004",
                ".5",
                "5.",
                "99999999999.999",
                "1e3",
                "+Inf",
                "4.9E-324"
            })
    void numbersAreThoseOfJava(String number) throws Exception {
        MetricsPage page = read("db_client_connections_max 1\nprocess_cpu_seconds_total " + number + "\n");

        double expected = number.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number);
        assertThat(page.scrape().cpuSeconds().orElse(Double.POSITIVE_INFINITY)).isEqualTo(expected);
    }

    @Test
    void aPageThatComesInPiecesIsTheSame() throws Exception {
        String text = Files.readString(Path.of("../docs/contract/metrics.txt")) + "other{long=\"" + "x".repeat(100_000)
                + "\"} 1\nprocess_open_files 3\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        InputStream pieces = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 7));
            }
        };

        MetricsPage page = MetricsPage.of(pieces, bytes.length, Names.DEFAULT, "uid-1", AT);

        MetricsPage whole = read(text);
        assertThat(page.scrape().requests())
                .hasToString(whole.scrape().requests().toString());
        assertThat(page.scrape().statements())
                .hasToString(whole.scrape().statements().toString());
        assertThat(page.scrape().waits()).hasToString(whole.scrape().waits().toString());
        assertThat(page.scrape().cpuSeconds()).isEqualTo(whole.scrape().cpuSeconds());
        assertThat(page.poolSize()).isEqualTo(whole.poolSize());
    }

    @ParameterizedTest
    @CsvSource({"'', the page is empty", "process_cpu_seconds_total 1, the page ends in the middle of a line"})
    void aPageThatBreaksOffIsRefused(String text, String why) {
        InputStream page = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> MetricsPage.of(page, 1000, Names.DEFAULT, "uid-1", AT))
                .hasMessage(why);
    }

    @Test
    void aPageWithoutEndIsGivenUp() {
        InputStream page = new ByteArrayInputStream(new byte[3 << 20]);

        assertThatThrownBy(() -> MetricsPage.of(page, 2 << 20, Names.DEFAULT, "uid-1", AT))
                .hasMessage("the page is larger than 2 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "NaN"})
    void bucketsWithoutABoundAreNoHistogram(String bound) throws Exception {
        MetricsPage page = read("""
                http_server_request_duration_seconds_bucket{route="/a",le="%s"} 3
                http_server_request_duration_seconds_bucket{route="/a",le="+Inf"} 4
                http_server_request_duration_seconds_bucket{route="/b",le="+Inf"} 4
                """.formatted(bound));

        assertThat(page.scrape().requests()).containsOnlyKeys("/b");
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
