package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody ends the connections on which two whole services hear of changes. */
class ListenersKilledTest {
    /** What is kept is trusted for a second then; the rest is for a busy machine. */
    private static final Duration BOUND = Duration.ofMillis(2500);

    @TempDir
    Path folder;

    private final WholeFleet fleet = new WholeFleet();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() {
        // An hour: only what is heard, or known to be missed, ends an answer here.
        var catalog = LittleCatalog.in(folder, "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%");
        fleet.start(catalog);
        fleet.start(catalog);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        fleet.close();
    }

    private void killListeners() {
        LittleCatalog.execute(
                fleet.database(),
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'headroom-service changes'");
    }

    private String word(RunningService service) {
        return service.get(KEPT).body().replaceAll(".*\"word\":\"|\".*", "");
    }

    @Test
    void whatMayHaveChangedUnheardIsNotTrustedAnyLongerOnAnyInstanceAndBothListenAgain() {
        for (RunningService service : fleet.services()) {
            assertThat(word(service)).isEqualTo("first");
        }
        // Longer than it would be trusted by who does not hear.
        await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
        LittleCatalog.whisper(fleet.database(), "missed");
        for (RunningService service : fleet.services()) {
            assertThat(word(service)).isEqualTo("first");
        }
        assertThat(LittleCatalog.listening(fleet.database())).isEqualTo(2);

        killListeners();
        for (RunningService service : fleet.services()) {
            await().atMost(BOUND)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() -> assertThat(word(service)).isEqualTo("missed"));
        }
        fleet.services().forEach(WholeFleet::awaitHearing);
        assertThat(LittleCatalog.listening(fleet.database())).isEqualTo(2);
        LittleCatalog.say(fleet.database(), "heard");
        for (RunningService service : fleet.services()) {
            await().atMost(BOUND).untilAsserted(() -> assertThat(word(service)).isEqualTo("heard"));
        }
    }

    @Test
    void whileTheyAreKilledAgainAndAgainNobodyIsServedWhatWasReplacedTheBoundBefore() throws Exception {
        var committed = new ConcurrentSkipListMap<Long, Long>(); // when, which version
        var writing = new AtomicBoolean(true);
        var writer = clients.submit(() -> {
            for (long version = 1; writing.get(); version++) {
                LittleCatalog.say(fleet.database(), Long.toString(version));
                committed.put(System.nanoTime(), version);
            }
        });
        await().until(() -> !committed.isEmpty());
        List<Future<Long>> readers = new ArrayList<>();
        for (RunningService service : fleet.services()) {
            for (int i = 0; i < 2; i++) {
                readers.add(clients.submit(() -> read(service, committed, writing)));
            }
        }
        for (int kill = 0; kill < 6; kill++) {
            killListeners();
            await().pollDelay(Duration.ofMillis(100 + 250 * kill)).until(() -> true);
        }
        writing.set(false);
        writer.get();
        for (var reader : readers) {
            assertThat(reader.get()).isGreaterThan(10);
        }
        fleet.services().forEach(WholeFleet::awaitHearing);
        String last = committed.lastEntry().getValue().toString();
        for (RunningService service : fleet.services()) {
            assertThat(word(service)).isEqualTo(last);
        }
    }

    private long read(RunningService service, ConcurrentSkipListMap<Long, Long> committed, AtomicBoolean writing) {
        long reads = 0;
        while (writing.get()) {
            var floor = committed.floorEntry(System.nanoTime() - BOUND.toNanos());
            String word = word(service);
            long seen = word.equals("first") ? 0 : Long.parseLong(word);
            assertThat(seen).isGreaterThanOrEqualTo(floor == null ? 0 : floor.getValue());
            reads++;
        }
        return reads;
    }
}
