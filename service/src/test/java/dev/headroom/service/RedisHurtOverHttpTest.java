package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.cache.ResultCache;
import dev.headroom.testkit.LoggedLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis frozen, then killed, then back, under two whole services that are asked and written to all the time. */
class RedisHurtOverHttpTest {
    /** One wait for Redis at 300 ms, the statement; and what a busy machine adds. */
    private static final Duration BOUND = Duration.ofMillis(1500);

    @TempDir
    Path folder;

    private final WholeFleet fleet = new WholeFleet();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean asking = new AtomicBoolean(true);
    private final AtomicLong slowest = new AtomicLong();

    @BeforeEach
    void start() {
        var catalog = LittleCatalog.in(folder, "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%");
        String[] waits = {"--redis.read-timeout=300ms", "--redis.acquire-timeout=300ms", "--redis.connect-timeout=300ms"
        };
        fleet.startAsSet(catalog, waits);
        fleet.startAsSet(catalog, waits);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        fleet.close();
    }

    private long ask(RunningService service) {
        long asked = 0;
        while (asking.get()) {
            long began = System.nanoTime();
            assertThat(service.get(KEPT).statusCode()).isEqualTo(200);
            slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
            asked++;
        }
        return asked;
    }

    /** Each write has the next request compute, and look for an answer in Redis before that. */
    private void writeFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().pollInterval(Duration.ofMillis(50)).atMost(time.plusSeconds(20)).until(() -> {
            LittleCatalog.execute(fleet.database(), "update little.notes set word = word || 'x'");
            return System.nanoTime() - end > 0;
        });
    }

    private void assertSharesAgain() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            writeFor(Duration.ZERO);
            for (RunningService service : fleet.services()) {
                assertThat(Figure.of(service, "cache_shared_up")).isEqualTo(1);
            }
        });
    }

    @Test
    void noRequestFailsOrWaitsForLongAndTheLogSaysItOnceAndNothingNeedsARestart() throws Exception {
        try (LoggedLines log = LoggedLines.of(ResultCache.class.getPackage())) {
            List<Future<Long>> load = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                RunningService service = fleet.services().get(i % 2);
                load.add(clients.submit(() -> ask(service)));
            }
            writeFor(Duration.ofMillis(300));
            fleet.redis().suspend();
            writeFor(Duration.ofSeconds(2));
            assertSaid(log, "WARNING", 2); // once by each
            fleet.redis().resume();
            assertSharesAgain();
            assertSaid(log, "INFO", 2);
            fleet.redis().kill();
            writeFor(Duration.ofSeconds(2));
            assertSaid(log, "WARNING", 4);
            fleet.redis().start();
            assertSharesAgain();
            assertSaid(log, "INFO", 4);
            asking.set(false);
            for (var each : load) {
                assertThat(each.get()).isGreaterThan(10);
            }
        }
        assertThat(Duration.ofNanos(slowest.get())).isLessThan(BOUND);
    }

    private static void assertSaid(LoggedLines log, String level, int times) {
        assertThat(log.lines().stream().filter(line -> line.startsWith(level)))
                .as("%s", log.lines())
                .hasSize(times);
    }
}
