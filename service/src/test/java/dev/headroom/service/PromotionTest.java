package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole service whose database.url names a primary and its standby. */
class PromotionTest {
    private static final String POLICY = "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%";
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private static String url(PostgresServer first, PostgresServer second, String database) {
        return "jdbc:postgresql://%s:%d,%s:%d/%s?targetServerType=primary"
                .formatted(first.host(), first.port(), second.host(), second.port(), database);
    }

    private RunningService on(String url, PostgresServer server, String... more) {
        return RunningService.prepare(
                        url,
                        server.user(),
                        server.password(),
                        LittleCatalog.in(folder, POLICY).arguments(more))
                .started();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPromotedStandbyIsUsedUnderLoadWithoutARestart(boolean primaryFirst) throws Exception {
        try (PostgresServer primary = TestPostgres.server();
                PostgresServer standby = TestPostgres.standbyOf(primary)) {
            String name = primary.database().name();
            TestPostgres.Database promoted = new TestPostgres.Database(standby, name);
            String url = primaryFirst ? url(primary, standby, name) : url(standby, primary, name);
            AtomicBoolean over = new AtomicBoolean();
            try (RunningService service = on(url, primary);
                    var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                WholeFleet.awaitHearing(service);
                assertThat(service.get(LittleCatalog.KEPT).body()).contains("first");
                await().until(() -> LittleCatalog.text(promoted, "select word from little.notes")
                        .equals("first"));
                List<Future<Integer>> asking = new ArrayList<>();
                try {
                    for (int client = 0; client < 8; client++) {
                        String path = client % 2 == 0 ? LittleCatalog.LIVE : LittleCatalog.KEPT;
                        asking.add(clients.submit(() -> askUntil(service, path, over)));
                    }

                    primary.kill();
                    standby.promote();
                    LittleCatalog.say(promoted, "second");
                    long written = System.nanoTime();

                    await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                        assertThat(service.get(LittleCatalog.LIVE).body()).contains("second");
                        assertThat(service.get(LittleCatalog.KEPT).body()).contains("second");
                    });
                    assertThat(Duration.ofNanos(System.nanoTime() - written)).isLessThan(SEEN_WITHIN);
                    WholeFleet.awaitHearing(service);
                    LittleCatalog.say(promoted, "third");
                    await().atMost(SEEN_WITHIN)
                            .untilAsserted(() -> assertThat(
                                            service.get(LittleCatalog.KEPT).body())
                                    .contains("third"));
                } finally {
                    over.set(true);
                }
                for (Future<Integer> each : asking) {
                    assertThat(each.get()).isPositive();
                }
            }
        }
    }

    private static int askUntil(RunningService service, String path, AtomicBoolean over) {
        int answered = 0;
        while (!over.get()) {
            int status = service.get(path).statusCode();
            assertThat(status).isIn(200, 503);
            answered += status == 200 ? 1 : 0;
        }
        return answered;
    }

    @Test
    void theServiceStartsWhileTheFirstHostIsFrozenOrAStandby() {
        try (PostgresServer primary = TestPostgres.server();
                PostgresServer standby = TestPostgres.standbyOf(primary);
                TestPostgres.Database database = primary.database()) {
            standby.suspend();
            try (RunningService service = on(url(standby, primary, database.name()), primary)) {
                assertThat(service.get(LittleCatalog.LIVE).body()).contains("first");
            } finally {
                standby.resume();
            }
        }
    }

    @Test
    void aRoleThatOnlyReadsFindsThePrimaryToo() {
        try (PostgresServer primary = TestPostgres.server();
                PostgresServer standby = TestPostgres.standbyOf(primary);
                TestPostgres.Database database = primary.database()) {
            try (RunningService owner = on(url(primary, standby, database.name()), primary)) {
                assertThat(owner.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);
            }
            LittleCatalog.execute(
                    database,
                    "alter role " + primary.user() + " in database " + database.name()
                            + " set default_transaction_read_only = on");
            try (RunningService reader =
                    on(url(standby, primary, database.name()), primary, "--catalogs.migrate=false")) {
                assertThat(reader.get(LittleCatalog.LIVE).body()).contains("first");
            }
        }
    }

    @Test
    void aStatementThatWritesIsRefused() {
        try (TestPostgres.Database database = TestPostgres.database()) {
            String[] writing = LittleCatalog.in(folder, POLICY)
                    .with("writing", "select public.write_one() as word", false)
                    .arguments();
            // Whoever reads the statement does not see that it writes.
            LittleCatalog.execute(database, """
                    create table public.written (word text);
                    create function public.write_one() returns text
                    language sql as $$ insert into public.written values ('x') returning word $$""");
            try (RunningService service = RunningService.on(database, writing)) {
                assertThat(service.get("/writing").statusCode()).isEqualTo(500);
            }
        }
    }
}
