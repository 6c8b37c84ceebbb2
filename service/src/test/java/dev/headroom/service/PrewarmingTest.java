package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that asks to be prewarmed, whose statement ends when the test says so. */
class PrewarmingTest {
    private static final int LOCK = 4711;

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();
    private Connection gate;
    private LittleCatalog catalog;

    @BeforeEach
    void closeTheGate() throws SQLException {
        gate = database.connect();
        lock("pg_advisory_lock");
        catalog = LittleCatalog.in(folder, "fresh: 1h, stale-while-revalidate: 1h, jitter: 0%")
                .withGate(LOCK);
    }

    @AfterEach
    void close() throws SQLException {
        gate.close();
        database.close();
    }

    private void lock(String function) throws SQLException {
        try (Statement statement = gate.createStatement()) {
            statement.execute("select " + function + "(" + LOCK + ")");
        }
    }

    private boolean isComputing() {
        return LittleCatalog.number(
                        database,
                        "select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event = 'advisory'")
                > 0;
    }

    private RunningService prepare(String patience) {
        return RunningService.prepare(
                database.jdbcUrl(),
                database.user(),
                database.password(),
                catalog.arguments("--cache.prewarm-patience=" + patience, "--database.statement-timeout=1m"));
    }

    private static void assertIsWarm(RunningService service) {
        HttpResponse<String> first = service.get("/gated");
        assertThat(first.body()).contains("first");
        assertThat(WholeFleet.status(first)).endsWith("detail=local");
        assertThat(first.headers().firstValue("X-Query-Count")).contains("0");
    }

    @Test
    void readinessWaitsForItAsLongAsThePatienceLastsAndItsFirstRequestRunsNoStatement() throws Exception {
        try (RunningService service = prepare("1m")) {
            var started = CompletableFuture.runAsync(service::started);
            await().atMost(Duration.ofSeconds(30)).until(this::isComputing);
            assertThat(service.admin("/health/ready").statusCode()).isEqualTo(503);
            lock("pg_advisory_unlock");
            started.join();
            assertThat(service.admin("/health/ready").statusCode()).isEqualTo(200);
            assertIsWarm(service);
        }
    }

    @Test
    void whileAsManyAreComputedAsMayBeAnotherAnswerIs503AndComesLater() throws Exception {
        String[] bounds = {"--cache.computations=1", "--cache.patience=300ms", "--database.statement-timeout=1m"};
        try (RunningService service = RunningService.on(database, catalog.arguments(bounds))) {
            await().atMost(Duration.ofSeconds(20)).until(this::isComputing);
            HttpResponse<String> refused = service.get("/kept");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            lock("pg_advisory_unlock");
            await().untilAsserted(
                            () -> assertThat(service.get("/kept").statusCode()).isEqualTo(200));
        }
    }

    @Test
    void readinessDoesNotWaitForASlowStatementForLongerAndTheAnswerIsWarmWhenThatEnds() throws Exception {
        try (RunningService service = prepare("300ms")) {
            service.started(); // returns although the gate stays closed
            assertThat(service.admin("/health/ready").statusCode()).isEqualTo(200);
            assertThat(service.get("/kept").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).until(this::isComputing);
            lock("pg_advisory_unlock");
            await().until(() -> Figure.of(service, "cache_local_entries") == 2);
            assertIsWarm(service);
        }
    }
}
