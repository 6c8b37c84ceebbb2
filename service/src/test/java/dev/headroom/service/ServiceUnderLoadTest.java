package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Far more clients than connections: they take turns, and those beyond the queue are turned away by decision. */
class ServiceUnderLoadTest {
    private static final String CONNECTIONS = "select count(*) from pg_stat_activity"
            + " where application_name = 'headroom-service' and datname = current_database()";

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        callers.close();
    }

    @Test
    void clientsThirtyTimesThePoolAllGetTheirAnswersOverNoMoreConnectionsThanThePoolHas() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        "--cache.enabled=false",
                        "--database.pool.maximum-pool-size=5",
                        "--database.pool.queue-timeout=30s");
                Connection watching = database.connect();
                Statement statement = watching.createStatement()) {
            List<CompletableFuture<List<Integer>>> clients = new ArrayList<>();
            for (int client = 0; client < 150; client++) {
                clients.add(CompletableFuture.supplyAsync(() -> statuses(service), callers));
            }
            int most = 0;
            while (!clients.stream().allMatch(CompletableFuture::isDone)) {
                try (ResultSet count = statement.executeQuery(CONNECTIONS)) {
                    count.next();
                    most = Math.max(most, count.getInt(1));
                }
            }
            assertThat(clients).allSatisfy(client -> assertThat(client.join()).containsOnly(200));
            assertThat(most).isBetween(1, 5);
            assertThat(service.admin("/metrics").body())
                    .contains("http_server_shed_requests_total 0")
                    .doesNotContain("pool_exhausted");
        }
    }

    private static List<Integer> statuses(RunningService service) {
        List<Integer> statuses = new ArrayList<>();
        for (String path : List.of("/topics/", "/domains/", "/repos/", "/tasks/?limit=5", "/topics/")) {
            statuses.add(service.get(path).statusCode());
        }
        return statuses;
    }

    @Test
    void beyondTheQueueTheyAreShedAndWhatNeedsNoConnectionIsNot() throws SQLException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        "--cache.enabled=false",
                        "--database.pool.maximum-pool-size=2",
                        "--database.pool.queue=4",
                        "--database.pool.queue-timeout=30s");
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table statehub.tasks in access exclusive mode");
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int client = 1; client <= 20; client++) {
                String path = "/tasks/?limit=" + client;
                answers.add(CompletableFuture.supplyAsync(() -> service.get(path), callers));
            }
            await().until(() ->
                    answers.stream().filter(CompletableFuture::isDone).count() == 14);
            assertThat(service.get("/openapi").statusCode()).isEqualTo(200);
            assertThat(service.get("/tasks/?limit=x").statusCode()).isEqualTo(400);
            assertThat(service.admin("/metrics").body())
                    .contains("http_server_queued_requests 4")
                    .contains("http_server_shed_requests_total 14")
                    .doesNotContain("pool_exhausted");
            holder.rollback();
            assertThat(answers.stream().map(answer -> answer.join().statusCode()))
                    .containsOnly(200, 503)
                    .filteredOn(status -> status == 200)
                    .hasSize(6);
        }
    }
}
