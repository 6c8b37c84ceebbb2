package dev.headroom.service;

import static dev.headroom.service.LittleCatalog.KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.PgBouncer;
import dev.headroom.testkit.RedisServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestPostgres;
import dev.headroom.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection on which a whole service hears of changes stays open, and nothing comes over it any more. */
class SilentListenerTest {
    private static final Duration PROMISED = Duration.ofSeconds(1);

    /** An answer's age counts from the end of its computation, and what it read is older by as long as that took. */
    private static final Duration LONGEST_COMPUTATION = Duration.ofMillis(200);

    private static final Duration BOUND = PROMISED.plus(LONGEST_COMPUTATION);

    /** An hour: only what is heard, or known to be missed, ends an answer here. */
    private static final String HOUR = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";

    /** The server does not learn that the client is gone before its own keepalive fails. */
    private static final int LISTENER_AND_ITS_LOST_ONE = 2;

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();
    private final RedisServer redis = TestRedis.server();
    private final TcpProxy proxy = TcpProxy.plain(database.host(), database.port());
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
        proxy.close();
        redis.close();
        database.close();
    }

    private RunningService start(String url, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = "--redis.url=" + redis.url();
        System.arraycopy(more, 0, all, 1, more.length);
        RunningService service = RunningService.prepare(
                        url,
                        database.user(),
                        database.password(),
                        LittleCatalog.in(folder, HOUR).arguments(all))
                .started();
        WholeFleet.awaitHearing(service);
        return service;
    }

    private String proxied() {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name();
    }

    private long listener() {
        return LittleCatalog.number(
                database,
                "select pid from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'headroom-service changes'");
    }

    @Test
    void aFrozenBackendLeavesNoAnswerOlderThanASecond() throws Exception {
        try (RunningService service = start(database.jdbcUrl())) {
            long frozen = listener();
            try {
                assertThatNothingOlderIsServed(service, () -> database.server().signal("STOP", frozen));
            } finally {
                database.server().signal("CONT", frozen);
            }
            assertThatItRecovers(service, 1);
        }
    }

    @Test
    void aBlackHoleOnTheWayLeavesNoAnswerOlderThanASecond() throws Exception {
        try (RunningService service = start(database.jdbcUrl(), "--database.direct-url=" + proxied())) {
            assertThatNothingOlderIsServed(service, proxy::blackHole);
            proxy.restore();
            assertThatItRecovers(service, LISTENER_AND_ITS_LOST_ONE);
        }
    }

    @Test
    void soDoesOneBesidePgBouncer() throws Exception {
        try (PgBouncer bouncer = PgBouncer.before(database.server(), Map.of());
                RunningService service = start(
                        bouncer.jdbcUrl(database.name()),
                        "--database.pgbouncer=true",
                        "--database.direct-url=" + proxied())) {
            assertThatNothingOlderIsServed(service, proxy::blackHole);
            proxy.restore();
            assertThatItRecovers(service, LISTENER_AND_ITS_LOST_ONE);
        }
    }

    @Test
    void aBackendThatWasSlowOnlyIsBelievedAgainWithWhatItTells() {
        try (RunningService service = start(database.jdbcUrl())) {
            assertThat(service.get(KEPT).body()).contains("first");
            long slow = listener();
            database.server().signal("STOP", slow);
            try {
                await().pollInterval(Duration.ofMillis(10))
                        .atMost(Duration.ofMillis(1500))
                        .until(() -> !service.service().hears());
            } finally {
                database.server().signal("CONT", slow);
            }
            LittleCatalog.say(database, "second");
            await().untilAsserted(() -> assertThat(service.get(KEPT).body()).contains("second"));
            await().until(() -> service.service().hears());
            assertThat(listener()).isEqualTo(slow);
        }
    }

    private String word(RunningService service) {
        return service.get(KEPT).body().replaceAll(".*\"word\":\"|\".*", "");
    }

    /** Readers all the while, and a writer that writes now and then: before, as it becomes silent, and after. */
    private void assertThatNothingOlderIsServed(RunningService service, Runnable silence) throws Exception {
        var committed = new ConcurrentSkipListMap<Long, Long>(); // when, which version
        var writing = new AtomicBoolean(true);
        var hits = new AtomicLong();
        committed.put(System.nanoTime(), 0L);
        Future<?> reader = clients.submit(() -> {
            while (writing.get()) {
                var before = committed.floorEntry(System.nanoTime() - BOUND.toNanos());
                String word = word(service);
                long seen = word.equals("first") ? 0 : Long.parseLong(word);
                assertThat(seen)
                        .as("what was committed %s before is served", BOUND)
                        .isGreaterThanOrEqualTo(before == null ? 0 : before.getValue());
                hits.incrementAndGet();
            }
            return null;
        });
        await().until(() -> hits.get() > 100);
        silence.run();
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        for (long version = 1; System.nanoTime() < until; version++) {
            LittleCatalog.say(database, Long.toString(version));
            committed.put(System.nanoTime(), version);
            long next = System.nanoTime() + Duration.ofMillis(40 * version).toNanos();
            await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > next);
        }
        writing.set(false);
        reader.get();
    }

    private void assertThatItRecovers(RunningService service, int sessions) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.service().hears() && LittleCatalog.listening(database) <= sessions);
        LittleCatalog.say(database, "recovered");
        await().untilAsserted(() -> assertThat(word(service)).isEqualTo("recovered"));
        await().pollInterval(Duration.ofMillis(100))
                .until(() -> WholeFleet.status(service.get(KEPT)).startsWith("headroom; hit"));
    }
}
