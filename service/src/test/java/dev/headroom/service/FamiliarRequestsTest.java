package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.RawClient.Answer;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that came before, byte for byte, is answered by the thread that reads it: docs/decisions/0092. */
class FamiliarRequestsTest {
    private static final String KEPT = LittleCatalog.KEPT;
    /** Of each answer another. */
    private static final Set<String> OWN =
            Set.of("x-request-id", "x-process-time", "server-timing", "date", "age", "cache-status");

    @TempDir
    Path folder;

    private TestPostgres.Database database;
    private RunningService service;

    @BeforeEach
    void start() {
        start("--server.cors.origins=https://a.example");
    }

    private void start(String... settings) {
        database = TestPostgres.database();
        service = RunningService.on(
                database, LittleCatalog.in(folder, "fresh: 1h").arguments(settings));
        await().until(() -> service.service().hears());
    }

    @AfterEach
    void stop() {
        service.close();
        database.close();
    }

    private long number(String metric) {
        Matcher line = Pattern.compile("^" + Pattern.quote(metric) + " (\\d+)", Pattern.MULTILINE)
                .matcher(service.admin("/metrics").body());
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private long atOnce() {
        return number("http_server_at_once_requests_total");
    }

    @Test
    void itsAnswerIsTheOneThatTheOrdinaryWayGives() throws IOException {
        List<String[]> ways = List.of(
                new String[] {"GET"},
                new String[] {"HEAD"},
                new String[] {"GET", "Accept-Encoding: gzip"},
                new String[] {"GET", "Origin: https://a.example"},
                new String[] {"GET", "Origin: https://a.example", "Accept-Encoding: gzip"},
                new String[] {"GET", "If-None-Match: *"},
                new String[] {"GET", "If-None-Match: *", "Accept-Encoding: gzip"});
        try (RawClient client = new RawClient(service.service().port())) {
            client.ask("GET", KEPT);
            for (String[] way : ways) {
                String[] headers = List.of(way).subList(1, way.length).toArray(String[]::new);
                Answer ordinary = client.ask(way[0], KEPT, headers);
                Answer familiar = askedAtOnce(client, way[0], headers);

                assertThat(familiar.status()).isEqualTo(ordinary.status());
                assertThat(familiar.body()).isEqualTo(ordinary.body());
                assertThat(familiar.headers().keySet())
                        .isEqualTo(ordinary.headers().keySet());
                assertThat(same(familiar)).isEqualTo(same(ordinary));
                assertThat(familiar.header("Date")).matches("\\w{3}, \\d{1,2} \\w{3} \\d{4} [0-9:]{8} GMT");
                assertThat(familiar.header("Cache-Status")).contains("; hit");
                assertThat(familiar.header("X-Request-Id")).isNotEqualTo(ordinary.header("X-Request-Id"));
            }
        }
    }

    /** The loop may read the next request before Helidon's thread has given the connection back: then that answers it. */
    private Answer askedAtOnce(RawClient client, String method, String... headers) throws IOException {
        long before = atOnce();
        for (int time = 0; time < 1000; time++) {
            Answer answer = client.ask(method, KEPT, headers);
            if (atOnce() > before) {
                return answer;
            }
        }
        throw new AssertionError("never answered at once");
    }

    private static Map<String, String> same(Answer answer) {
        Map<String, String> same = new TreeMap<>(answer.headers());
        same.keySet().removeAll(OWN);
        return same;
    }

    @Test
    void itIsCountedAndTimedLikeEveryOther() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            for (int time = 0; time < 5; time++) {
                client.ask("GET", KEPT);
            }
            assertThat(atOnce()).isBetween(0L, 3L);
            assertThat(
                            number(
                                    "http_server_request_duration_seconds_count{route=\"/kept\",method=\"GET\",status=\"200\"}"))
                    .isEqualTo(5);
            assertThat(number("cache_requests_total{route=\"/kept\",result=\"local_hit\"}"))
                    .isEqualTo(4);
        }
    }

    @Test
    void aChangeEndsIt() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            for (int time = 0; time < 3; time++) {
                assertThat(client.ask("GET", KEPT).body()).contains("first");
            }
            assertThat(askedAtOnce(client, "GET").body()).contains("first");
            LittleCatalog.say(database, "second");
            await().until(() -> client.ask("GET", KEPT).body().contains("second"));
            assertThat(askedAtOnce(client, "GET").body()).contains("second");
        }
    }

    @Test
    void aStaleOneIsAnsweredSoToo_andRefreshedMeanwhile() throws IOException {
        stop();
        database = TestPostgres.database();
        service = RunningService.on(
                database,
                LittleCatalog.in(folder.resolve("stale"), "fresh: 1ms, stale-while-revalidate: 1h")
                        .arguments());
        await().until(() -> service.service().hears());
        try (RawClient client = new RawClient(service.service().port())) {
            // Each stale answer has it refreshed, and then it is fresh for a moment.
            await().until(() ->
                    askedAtOnce(client, "GET").header("Cache-Status").contains("detail=local-stale"));
            long computed = number("cache_computations_total{route=\"/kept\"}");
            await().until(() -> {
                askedAtOnce(client, "GET");
                return number("cache_computations_total{route=\"/kept\"}") > computed;
            });
        }
    }

    @Test
    void aRequestThatBearsANameKeepsIt() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            for (int time = 0; time < 3; time++) {
                assertThat(client.ask("GET", KEPT, "X-Request-Id: mine").header("X-Request-Id"))
                        .isEqualTo("mine");
            }
            assertThat(atOnce()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Authorization: Bearer secret", "Proxy-Authorization: Basic secret", "Cookie: session=secret"})
    void whatIsSecretIsNotKept(String header) throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            for (int time = 0; time < 20; time++) {
                assertThat(client.ask("GET", KEPT, header).status()).isEqualTo(200);
            }
            assertThat(atOnce()).isZero();
        }
    }

    @Test
    void aLogThatIsStuckDoesNotStopThePort() throws IOException {
        stop();
        start("--profile.slow-request-warn=0s", "--profile.slow-request-lines=100000");
        Set<String> writers = ConcurrentHashMap.newKeySet();
        try (RawClient client = new RawClient(service.service().port());
                LoggedLines log = LoggedLines.of("dev.headroom.service.requests")) {
            Logger logger = Logger.getLogger("dev.headroom.service.requests");
            Filter before = logger.getFilter();
            logger.setFilter(line -> {
                writers.add(Thread.currentThread().getName());
                return true;
            });
            try {
                askedAtOnce(client, "GET");
                int asked = log.lines().size();
                askedAtOnce(client, "GET");
                await().until(() -> log.lines().size() > asked);
            } finally {
                logger.setFilter(before);
            }
        }
        assertThat(writers).isNotEmpty().noneMatch(writer -> writer.startsWith("front-"));
    }

    @Test
    void whoWantsTheConnectionClosedHasItClosedEachTime() throws IOException {
        for (int time = 0; time < 4; time++) {
            try (RawClient client = new RawClient(service.service().port())) {
                Answer answer = client.ask("GET", KEPT, "Connection: close");
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        assertThat(atOnce()).isZero();
    }

    @Test
    void withTheAccessLogOnAllTakeTheWayOnWhichItIsWritten() throws IOException {
        stop();
        start("--server.access-log=true");
        try (RawClient client = new RawClient(service.service().port())) {
            for (int time = 0; time < 4; time++) {
                client.ask("GET", KEPT);
            }
            assertThat(atOnce()).isZero();
        }
    }
}
