package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a rollout does to clients: whoever was asked is answered, and whoever comes then is sent elsewhere at once. */
@Timeout(120)
class StoppingTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void nobodyIsLetInWhileTheLastRequestsFinishAndWhoIsInsideIsAnsweredOnce() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database, LittleCatalog.in(folder, "fresh: 1h").arguments());
                RawClient waits = client(service);
                RawClient inside = client(service);
                Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            assertThat(inside.ask("GET", LittleCatalog.LIVE).status()).isEqualTo(200);
            holder.setAutoCommit(false);
            statement.execute("lock table little.notes in access exclusive mode");
            waits.send(RawClient.request("GET", LittleCatalog.LIVE));
            await().until(() -> service.service().database().pool().gauges().active() == 1);
            var stopped = CompletableFuture.runAsync(service::close, threads);
            await().until(() -> isRefused(service));
            RawClient.Answer last = inside.ask("GET", "/openapi");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("Connection")).isEqualTo("close");
            assertThat(stopped).isNotDone();
            holder.rollback();
            assertThat(waits.answer().status()).isEqualTo(200);
            stopped.join();
        }
    }

    @Test
    void clientsThatComeAgainAndAgainDoNotUseUpTheGrace() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database,
                        LittleCatalog.in(folder, "fresh: 1h")
                                .with("slow", "select pg_sleep(0.2)::text as word", false)
                                .arguments("--server.shutdown-grace=30s"));
                LoggedLines log = LoggedLines.of(Service.class.getName())) {
            List<CompletableFuture<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                clients.add(CompletableFuture.supplyAsync(() -> asksUntilRefused(service), threads));
            }
            await().until(() -> service.admin("/metrics").body().contains("{route=\"/slow\""));
            CompletableFuture.runAsync(service::close, threads).join();
            assertThat(clients).allSatisfy(client -> assertThat(client.join()).isPositive());
            assertThat(log.lines()).last().asString().contains("stopped; every request was finished");
        }
    }

    /** Each time on a new connection; whatever else goes wrong fails the test. */
    private static int asksUntilRefused(RunningService service) {
        for (int answers = 0; ; answers++) {
            try (RawClient client = client(service)) {
                assertThat(client.ask("GET", "/slow").status()).isEqualTo(200);
            } catch (SocketException refused) { // or it still waited at the door
                return answers;
            } catch (IOException cutOff) {
                throw new AssertionError("after " + answers + " answers", cutOff);
            }
        }
    }

    private static boolean isRefused(RunningService service) throws IOException {
        try (RawClient _ = client(service)) {
            return false;
        } catch (SocketException refused) {
            return true;
        }
    }

    private static RawClient client(RunningService service) throws IOException {
        return new RawClient(service.service().port());
    }
}
