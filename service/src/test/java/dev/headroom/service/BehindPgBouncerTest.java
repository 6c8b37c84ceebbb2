package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.testkit.PgBouncer;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole service behind the real PgBouncer in transaction mode. */
class BehindPgBouncerTest {
    private static final int SERVER_CONNECTIONS = 20;
    private static final int CLIENTS = 500;
    private static final int REQUESTS_EACH = 4;

    @TempDir
    Path folder;

    private TestPostgres.Database database;
    private PgBouncer bouncer;

    @BeforeEach
    void open() {
        database = TestPostgres.database();
        bouncer = PgBouncer.before(
                database.server(),
                Map.of("default_pool_size", String.valueOf(SERVER_CONNECTIONS), "server_login_retry", "1"));
    }

    @AfterEach
    void close() {
        if (bouncer != null) {
            bouncer.close();
        }
        database.close();
    }

    private RunningService behind(String... arguments) {
        String[] where = {"--database.pgbouncer=true", "--database.direct-url=" + database.jdbcUrl()};
        return RunningService.prepare(
                        bouncer.jdbcUrl(database.name()),
                        database.user(),
                        database.password(),
                        Stream.of(where, arguments).flatMap(Stream::of).toArray(String[]::new))
                .started();
    }

    @Test
    void everyEndpointOfTheBundledCatalogsAnswersAsItDoesWithoutOne() throws IOException {
        String[] catalogs = {"--catalogs.enabled=statehub,plots,agents", "--catalogs.sample-scale=0.003"};
        try (RunningService behind = behind(catalogs);
                RunningService direct = RunningService.on(database, catalogs)) {
            int found = 0;
            for (String path : AllCatalogsTest.paths()) {
                for (String asked : List.of(path, withKnownId(direct, path))) {
                    HttpResponse<String> expected = direct.get(asked);
                    HttpResponse<String> answer = behind.get(asked);

                    assertThat(answer.statusCode()).as(asked).isEqualTo(expected.statusCode());
                    if (expected.statusCode() == 200 && !asked.contains("/performance/")) {
                        assertThat(timeless(answer)).as(asked).isEqualTo(timeless(expected));
                        found++;
                    }
                }
            }
            assertThat(found).isGreaterThan(50);
        }
    }

    private static String timeless(HttpResponse<String> answer) {
        return answer.body().replaceFirst("\"generated_at\" ?: ?\"[^\"]*\"", "");
    }

    /** The path with an identifier that the list before it has, where there is such a list. */
    private static String withKnownId(RunningService service, String path) throws IOException {
        int at = path.indexOf(AllCatalogsTest.NOBODY);
        if (at < 0) {
            return path;
        }
        HttpResponse<String> list = service.get(path.substring(0, at));
        if (list.statusCode() != 200) {
            return path;
        }
        JsonNode id = new ObjectMapper().readTree(list.body()).path(0).path("id");
        return id.isMissingNode() ? path : path.replace(AllCatalogsTest.NOBODY, id.asText());
    }

    @Test
    void fiveHundredClientsShareTwentyServerConnections() throws Exception {
        String[] arguments = LittleCatalog.in(folder, "fresh: 1h")
                .with("busy", "select word, pg_sleep(0.002)::text as slept from {notes}", false)
                .arguments(
                        "--database.pool.maximum-pool-size=100",
                        "--database.pool.queue=1000",
                        "--database.pool.queue-timeout=30s",
                        "--database.pool.acquire-timeout=30s");
        try (RunningService service = behind(arguments)) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(() -> successes(service));
            }

            int answered = 0;
            try (var running = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> each : running.invokeAll(clients)) {
                    answered += each.get();
                }
            }

            assertThat(answered).isEqualTo(CLIENTS * REQUESTS_EACH);
            assertThat(LittleCatalog.number(
                            database,
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and application_name = 'headroom-service'"))
                    .isBetween(2L, (long) SERVER_CONNECTIONS);
        }
    }

    private static int successes(RunningService service) {
        int successes = 0;
        for (int request = 0; request < REQUESTS_EACH; request++) {
            successes += service.get("/busy").statusCode() == 200 ? 1 : 0;
        }
        return successes;
    }

    @Test
    void aStatementEndsWithItsTimeAndWithItsClient() throws IOException {
        String[] arguments = LittleCatalog.in(folder, "fresh: 1h")
                .with("slow", "select 'x' || pg_sleep(20) as word", false)
                .arguments("--database.statement-timeout=2s");
        try (RunningService service = behind(arguments)) {
            HttpResponse<String> late = service.get("/slow");
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.body()).contains("database.statement-timeout");
            assertThat(running()).isZero();

            RawClient client = new RawClient(service.service().port()).send(RawClient.request("GET", "/slow"));
            await().until(() -> running() == 1);
            client.leave();
            await().atMost(Duration.ofMillis(1500)).until(() -> running() == 0);
            await().untilAsserted(() -> assertThat(service.admin("/metrics").body())
                    .contains("db_client_operation_failures_total{statement=\"little.slow\",kind=\"called_off\"} 1"));
            assertThat(service.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);
        }
    }

    private long running() {
        return LittleCatalog.number(
                database,
                "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
                        + " and query like '%pg_sleep(20)%' and query not like '%pg_stat_activity%'");
    }

    @Test
    void aPgBouncerThatRestartsNeedsNoRestartOfOurs() throws Exception {
        String[] arguments = LittleCatalog.in(folder, "fresh: 1h").arguments();
        AtomicBoolean over = new AtomicBoolean();
        try (RunningService service = behind(arguments);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> asking = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                asking.add(clients.submit(() -> statuses(service, over)));
            }

            try {
                bouncer.restart();

                await().atMost(Duration.ofSeconds(10))
                        .until(() -> service.get(LittleCatalog.LIVE).statusCode() == 200);
            } finally {
                over.set(true);
            }
            for (Future<List<Integer>> each : asking) {
                assertThat(each.get()).containsOnly(200, 503).contains(200);
            }
        }
    }

    private static List<Integer> statuses(RunningService service, AtomicBoolean over) {
        List<Integer> statuses = new ArrayList<>(List.of(503));
        while (!over.get()) {
            statuses.add(service.get(LittleCatalog.LIVE).statusCode());
        }
        return statuses;
    }

    @Test
    void aReplicaBehindOneIsReadFrom() {
        String replica = "--database.replica.url=" + bouncer.jdbcUrl(database.name());
        try (RunningService service =
                behind(LittleCatalog.in(folder, "fresh: 1h").arguments(replica))) {
            await().until(() -> service.service().database().replicaInUse());

            assertThat(service.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);
            assertThat(service.service()
                            .database()
                            .replicaPool()
                            .orElseThrow()
                            .gauges()
                            .total())
                    .isPositive();
        }
    }

    @Test
    void nothingOfTheServiceStaysInAServerConnection() throws Exception {
        try (PgBouncer one = PgBouncer.before(database.server(), Map.of("default_pool_size", "1"))) {
            bouncer.close();
            bouncer = one;
            try (RunningService service =
                    behind(LittleCatalog.in(folder, "fresh: 1h").arguments())) {
                assertThat(service.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);

                String url = one.jdbcUrl(database.name()) + "?prepareThreshold=0";
                try (var other = java.sql.DriverManager.getConnection(url, database.user(), database.password());
                        var statement = other.createStatement()) {
                    statement.execute("create table of_others (id int)");
                    try (var row = statement.executeQuery(
                            "select current_setting('statement_timeout'), count(*) from pg_prepared_statements")) {
                        row.next();
                        assertThat(row.getString(1)).isEqualTo("0");
                        assertThat(row.getInt(2)).isZero();
                    }
                }
            }
        }
    }
}
