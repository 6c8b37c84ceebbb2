package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when things break: the answers stay clean, and it mends itself. */
class ServiceFaultsTest {
    private static final String LOCK = "lock table statehub.topics in access exclusive mode";

    @Test
    void aDeadDatabaseIs503WithinTheTimeoutAndHealsWithoutARestart() {
        try (PostgresServer server = TestPostgres.server();
                RunningService service = RunningService.prepare(
                                server.jdbcUrl("postgres"),
                                server.user(),
                                server.password(),
                                "--cache.enabled=false",
                                "--database.pool.acquire-timeout=1s")
                        .started()) {
            assertThat(service.get("/topics/").statusCode()).isEqualTo(200);
            server.kill();
            long began = System.nanoTime();
            HttpResponse<String> answer = service.get("/topics/");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("database-unavailable").doesNotContain("select", "jdbc", "Exception");
            assertThat(warningsOf(100, () -> service.get("/domains/"))).hasSizeBetween(1, 4);
            assertThat(service.admin("/health/ready").statusCode()).isEqualTo(200);
            assertThat(service.admin("/metrics").statusCode()).isEqualTo(200);
            server.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.get("/topics/").statusCode() == 200);
        }
    }

    @Test
    void whatIsKeptIsServedWhileTheDatabaseIsDead() {
        try (PostgresServer server = TestPostgres.server();
                RunningService service = RunningService.prepare(
                                server.jdbcUrl("postgres"),
                                server.user(),
                                server.password(),
                                "--database.pool.acquire-timeout=1s")
                        .started()) {
            String kept = service.get("/topics/").body();
            server.kill();
            await().untilAsserted(() -> {
                HttpResponse<String> answer = service.get("/topics/");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(kept);
                assertThat(answer.headers().firstValue("Cache-Status"))
                        .contains("headroom; fwd=stale; detail=local-failed");
                assertThat(answer.headers().firstValue("Cache-Control"))
                        .get()
                        .asString()
                        .startsWith("max-age=0, stale-if-error=");
            });
            assertThat(service.get("/domains/").statusCode()).isEqualTo(503);
            server.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.get("/domains/").statusCode() == 200);
        }
    }

    @Test
    void whatIsWrittenAfterAnOutageIsSeenWithinSeconds() {
        try (PostgresServer server = TestPostgres.server();
                RunningService service = RunningService.prepare(
                                server.jdbcUrl("postgres"),
                                server.user(),
                                server.password(),
                                "--catalogs.sample-scale=0.003")
                        .started()) {
            WholeFleet.awaitHearing(service);
            service.get("/topics/");
            server.kill();
            await().until(() -> WholeFleet.status(service.get("/topics/")).endsWith("detail=local-failed"));
            server.start();
            await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> {
                server.execute("update statehub.topics set title = 'written after the outage'");
                return true;
            });

            long written = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.get("/topics/").body().contains("written after the outage"));

            // blind-fresh, the outage's probe, and room for a busy machine
            assertThat(Duration.ofNanos(System.nanoTime() - written)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void whatIsKeptIsServedSoonWhileTheDatabaseHangs() {
        try (PostgresServer server = TestPostgres.server();
                RunningService service = RunningService.prepare(
                                server.jdbcUrl("postgres"),
                                server.user(),
                                server.password(),
                                "--profile.slow-request-warn=100ms")
                        .started();
                LoggedLines log = LoggedLines.of(ServiceFaultsTest.class.getPackage())) {
            WholeFleet.awaitHearing(service);
            HttpResponse<String> kept = service.get("/topics/");
            server.execute("update statehub.topics set slug = slug where false");
            await().until(() -> Figure.of(service, "cache_invalidations_total") > 0);
            server.suspend();
            try {
                long began = System.nanoTime();
                HttpResponse<String> answer = service.get("/topics/");
                Duration took = Duration.ofNanos(System.nanoTime() - began);

                assertThat(answer.body()).isEqualTo(kept.body());
                assertThat(answer.headers().firstValue("Cache-Status"))
                        .contains("headroom; fwd=stale; detail=local-slow");
                assertThat(answer.headers().firstValue("Cache-Control"))
                        .hasValueSatisfying(control -> assertThat(control).startsWith("max-age=0, stale-if-error="));
                assertThat(answer.headers().firstValue("X-Query-Count")).contains("0");
                assertThat(answer.headers().firstValue("Age")).isPresent();
                assertThat(took).isBetween(Duration.ofMillis(450), Duration.ofMillis(1500));
                await().untilAsserted(() -> assertThat(log.lines())
                        .anyMatch(line -> line.contains("slow request GET /topics/ 200")
                                && line.contains("until the soft-timeout of its cache policy")));
            } finally {
                server.resume();
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> WholeFleet.status(service.get("/topics/")).endsWith("detail=local"));
        }
    }

    @Test
    void withoutADatabaseItStartsWaitsAndServesOnceThereIsOne() {
        try (PostgresServer server = TestPostgres.server()) {
            server.kill();
            try (LoggedLines log = LoggedLines.of(ServiceFaultsTest.class.getPackage());
                    RunningService service = RunningService.prepare(
                            server.jdbcUrl("postgres"),
                            server.user(),
                            server.password(),
                            "--database.pool.acquire-timeout=500ms")) {
                CompletableFuture<Void> starting = CompletableFuture.runAsync(service::started);
                await().until(() ->
                        service.service().adminPort() > 0 && service.service().port() > 0);
                assertThat(service.admin("/health/live").statusCode()).isEqualTo(200);
                assertThat(service.admin("/health/ready").statusCode()).isEqualTo(503);
                HttpResponse<String> early = service.get("/topics/");
                assertThat(early.statusCode()).isEqualTo(503);
                assertThat(early.body()).contains("/docs#starting");
                await().until(() -> log.lines().stream().anyMatch(line -> line.contains("waits for the database")));
                server.start();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> service.admin("/health/ready").statusCode() == 200);
                assertThat(service.get("/topics/").statusCode()).isEqualTo(200);
                starting.join();
                assertThat(log.lines())
                        .filteredOn(line -> line.contains("nothing answers at database.url"))
                        .as("the reason is said once")
                        .hasSize(1);
                assertThat(log.lines())
                        .filteredOn(line -> line.contains("waits for the database"))
                        .containsExactly(
                                "WARNING the service waits for the database, and is not ready until it has answered");
            }
        }
    }

    @Test
    void startWaitsForALockThatAnotherSessionHolds(@TempDir Path folder) throws SQLException {
        LittleCatalog catalog =
                LittleCatalog.in(folder, "fresh: 1h").with("locking", "select word from {notes} for update", false);
        try (TestPostgres.Database database = TestPostgres.database();
                LoggedLines log = LoggedLines.of(ServiceFaultsTest.class.getPackage())) {
            LittleCatalog.execute(database, "create schema little; create table little.notes (id int, word text)");
            try (Connection holder = database.connect();
                    Statement lock = holder.createStatement();
                    RunningService service = RunningService.prepare(
                            database.jdbcUrl(),
                            database.user(),
                            database.password(),
                            catalog.arguments("--catalogs.migrate=false", "--database.statement-timeout=500ms"))) {
                holder.setAutoCommit(false);
                lock.execute("lock table little.notes in exclusive mode");
                var starting = CompletableFuture.runAsync(() -> assertThatThrownBy(service.service()::start)
                        .asInstanceOf(InstanceOfAssertFactories.type(BrokenCatalogs.class))
                        .satisfies(broken -> assertThat(broken.mistakes()).hasSize(1)));
                await().until(() -> log.lines().stream()
                        .anyMatch(line -> line.contains("waits for the database")
                                && line.contains("another session holds a lock")));

                holder.rollback();

                starting.join(); // asked again, the server says that the statement locks rows
            }
        }
    }

    @Test
    void moreThanCanRunAreTurnedAwayAtOnceAndHealthIsNot() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        "--cache.enabled=false",
                        "--database.pool.maximum-pool-size=2",
                        "--database.pool.queue=1",
                        "--database.pool.queue-timeout=20s");
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(LOCK);
            List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(CompletableFuture.supplyAsync(() -> service.get("/topics/")));
            }
            await().until(() -> service.admin("/metrics").body().contains("http_server_queued_requests 1"));
            HttpResponse<String> shed = service.get("/domains/");
            assertThat(shed.statusCode()).isEqualTo(503);
            assertThat(shed.headers().firstValue("Retry-After")).contains("1");
            assertThat(shed.body()).contains("/docs#overloaded");
            assertThat(service.get("/").statusCode()).isEqualTo(200);
            assertThat(service.admin("/health/ready").statusCode()).isEqualTo(200);
            holder.rollback();
            running.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
            assertThat(service.get("/domains/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStatementOverItsBudgetIs503AndItsConnectionComesBack() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database, "--database.statement-timeout=300ms");
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(LOCK);
            HttpResponse<String> answer = service.get("/topics/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("/docs#timed-out");
            holder.rollback();
            assertThat(service.get("/topics/").statusCode()).isEqualTo(200);
            assertThat(service.service().database().pool().gauges().active()).isZero();
        }
    }

    @Test
    void aReportThatTakesTooLongIs503AndItsConnectionComesBack() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service =
                        RunningService.on(database, "--catalogs.enabled=agents", "--database.statement-timeout=300ms");
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table pg_catalog.pg_index in access exclusive mode");
            HttpResponse<String> answer = service.get("/api/performance/database");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("/docs#timed-out", "database.statement-timeout");
            holder.rollback();
            assertThat(service.get("/api/performance/database").statusCode()).isEqualTo(200);
            assertThat(service.admin("/metrics").body())
                    .contains("{statement=\"monitor.indexes\",kind=\"timeout\"} 1")
                    .contains("_count{statement=\"monitor.tables\"} 1");
            assertThat(service.service().database().pool().gauges().active()).isZero();
        }
    }

    @Test
    void whoseTurnDoesNotComeInTimeIsTurnedAway() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        "--database.pool.maximum-pool-size=1",
                        "--database.pool.minimum-idle=1",
                        "--database.pool.queue-timeout=300ms");
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(LOCK);
            var blocked = CompletableFuture.supplyAsync(() -> service.get("/topics/"));
            await().until(() -> service.service().database().pool().gauges().active() == 1);
            HttpResponse<String> answer = service.get("/domains/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("/docs#overloaded");
            holder.rollback();
            assertThat(blocked.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void stoppingFinishesWhatRunsAndIsUnreadyMeanwhile() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database);
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(LOCK);
            var running = CompletableFuture.supplyAsync(() -> service.get("/topics/"));
            await().until(() -> service.service().database().pool().gauges().active() == 1);
            var stopped = CompletableFuture.runAsync(() -> service.service().close());
            await().until(() -> service.admin("/health/ready").statusCode() == 503);
            assertThat(service.admin("/health/live").statusCode()).isEqualTo(200);
            holder.rollback();
            HttpResponse<String> answer = running.join();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Connection")).contains("close");
            stopped.join();
        }
    }

    @Test
    void anSqlErrorIsALineForEachRequestAndNoStack() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(database, "--cache.enabled=false");
                Connection somebody = database.connect();
                Statement statement = somebody.createStatement();
                LoggedLines log = LoggedLines.of(ServiceFaultsTest.class.getPackage())) {
            statement.execute("alter table statehub.topics rename column title to headline");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = service.get("/topics/");
                assertThat(answer.statusCode()).isEqualTo(500);
                ids.add(answer.headers().firstValue("X-Request-Id").orElseThrow());
            }
            List<String> told = log.written().stream()
                    .filter(line -> line.contains("GET /topics/ failed"))
                    .toList();
            assertThat(told)
                    .hasSize(20)
                    .allMatch(line -> line.contains("column t.title does not exist")
                            && line.contains("a table changed since the start: run --check-catalogs"));
            assertThat(told).zipSatisfy(ids, (line, id) -> assertThat(line).contains("(request " + id + ")"));
            assertThat(log.written()).noneMatch(line -> line.contains("\tat ") || line.contains("StatementFailed"));
        }
    }

    private static List<String> warningsOf(int times, Runnable request) {
        try (LoggedLines log = LoggedLines.of(ServiceFaultsTest.class.getPackage())) {
            for (int i = 0; i < times; i++) {
                request.run();
            }
            return log.warnings();
        }
    }
}
