package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static dev.headroom.service.WholeFleet.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What passes of its freshness, and what clients may ask for anew: three whole services on one Redis. */
class StaleOverHttpTest {
    @TempDir
    Path folder;

    private final WholeFleet fleet = new WholeFleet();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
        fleet.close();
    }

    private static String word(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body().replaceAll(".*\"word\":\"|\".*", "");
    }

    private List<HttpResponse<String>> allAtOnce(int each) throws Exception {
        List<Future<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            fleet.services().forEach(service -> asked.add(clients.submit(() -> service.get(KEPT))));
        }
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (var one : asked) {
            answers.add(one.get());
        }
        return answers;
    }

    @Test
    void pastItsFreshnessAnAnswerIsServedAtOnceAndTheWholeFleetComputesTheNextOneOnce() throws Exception {
        var catalog = LittleCatalog.in(folder, "fresh: 4s, stale-while-revalidate: 5m, jitter: 0%");
        for (int i = 0; i < 3; i++) {
            fleet.start(catalog);
        }
        allAtOnce(1);
        assertThat(fleet.computations()).isEqualTo(1);
        LittleCatalog.whisper(fleet.database(), "second");
        await().pollDelay(Duration.ofMillis(4200)).until(() -> true);
        try (Connection gate = fleet.database().connect();
                Statement lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("lock table little.notes in access exclusive mode"); // nobody's refresh ends before we say so
            assertThat(allAtOnce(20)).allSatisfy(answer -> {
                assertThat(word(answer)).isEqualTo("first");
                assertThat(status(answer)).matches("headroom; hit; ttl=-\\d; detail=local-stale");
                assertThat(answer.headers().firstValue("X-Query-Count")).contains("0");
                assertThat(answer.headers().firstValue("Age").orElse("")).matches("[4-9]");
            });
            await().until(() -> fleet.computations() == 2);
            assertThat(allAtOnce(20))
                    .allSatisfy(answer -> assertThat(word(answer)).isEqualTo("first"));
            assertThat(fleet.computations()).isEqualTo(2);
            gate.rollback();
        }
        assertThatEveryoneHasTheNewOneWithoutAnotherStatement();
    }

    private void assertThatEveryoneHasTheNewOneWithoutAnotherStatement() {
        for (RunningService service : fleet.services()) {
            // Who did not compute it takes it from Redis, with a stale answer as the occasion.
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> {
                        HttpResponse<String> answer = service.get(KEPT);
                        assertThat(word(answer)).isEqualTo("second");
                        assertThat(status(answer)).matches("headroom; hit; ttl=[0-4]; detail=local");
                    });
        }
        assertThat(fleet.computations()).isEqualTo(2);
    }

    @Test
    void aStaleAnswerSaysWhichLevelHadIt() throws Exception {
        var catalog = LittleCatalog.in(folder, "fresh: 1s, stale-while-revalidate: 5m, jitter: 0%");
        RunningService one = fleet.start(catalog);
        RunningService other = fleet.start(catalog);
        one.get(KEPT);
        await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
        try (Connection gate = fleet.database().connect();
                Statement lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("lock table little.notes in access exclusive mode");
            assertThat(status(other.get(KEPT))).matches("headroom; hit; ttl=-\\d; detail=shared-stale");
            assertThat(status(other.get(KEPT))).matches("headroom; hit; ttl=-\\d; detail=local-stale");
            gate.rollback();
        }
        for (String level : List.of("shared_stale", "local_stale")) {
            assertThat(Figure.of(other, "cache_requests_total{route=\"/kept\",result=\"" + level + "\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void noCacheIsComputedAnewWhereItIsAllowedForTheWholeFleetAndIgnoredWhereNot() {
        var catalog = LittleCatalog.in(folder, "fresh: 10m, stale-while-revalidate: 1h, jitter: 0%");
        RunningService allows = fleet.start(catalog, "--cache.clients-may-renew=true");
        RunningService forbids = fleet.start(catalog);
        RunningService later = fleet.start(catalog);
        String old = allows.get(KEPT).body();
        assertThat(forbids.get(KEPT).body()).isEqualTo(old);
        LittleCatalog.whisper(fleet.database(), "second");

        HttpResponse<String> refused = forbids.get(KEPT, "Cache-Control", "no-cache");
        assertThat(word(refused)).isEqualTo("first");
        assertThat(status(refused)).startsWith("headroom; hit");
        assertThat(fleet.computations()).isEqualTo(1);

        HttpResponse<String> renewed = allows.get(KEPT, "Cache-Control", "no-cache");
        assertThat(word(renewed)).isEqualTo("second");
        assertThat(status(renewed)).startsWith("headroom; fwd=request; ttl=");
        assertThat(word(allows.get(KEPT))).isEqualTo("second");

        HttpResponse<String> shared = later.get(KEPT);
        assertThat(word(shared)).isEqualTo("second");
        assertThat(status(shared)).endsWith("detail=shared");
        assertThat(fleet.computations()).isEqualTo(2);
    }

    @Test
    void whoeverAsksAnewWhileThatIsDoneSharesTheNextComputation() throws Exception {
        var catalog = LittleCatalog.in(folder, "fresh: 10m, stale-while-revalidate: 1h, jitter: 0%");
        RunningService service = fleet.start(catalog, "--cache.clients-may-renew=true");
        service.get(KEPT);
        List<Future<HttpResponse<String>>> asked = new ArrayList<>();
        try (Connection gate = fleet.database().connect();
                Statement lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("lock table little.notes in access exclusive mode");
            asked.add(clients.submit(() -> service.get(KEPT, "Cache-Control", "no-cache")));
            await().until(() -> fleet.computations() == 2);
            for (int i = 0; i < 30; i++) {
                asked.add(clients.submit(() -> service.get(KEPT, "Cache-Control", "no-cache")));
            }
            await().until(() -> Figure.of(service, "http_server_active_requests") == 31);
            lock.execute(LittleCatalog.MUTE);
            lock.execute("update little.notes set word = 'second'");
            lock.execute(LittleCatalog.UNMUTE);
            gate.commit();
        }
        for (var each : asked) {
            assertThat(word(each.get())).isEqualTo("second");
        }
        // One for all who had come; who is on its way in as that begins has to look later, together with its like.
        assertThat(fleet.computations()).isBetween(3L, 6L);
    }
}
