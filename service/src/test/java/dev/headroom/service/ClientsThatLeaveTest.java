package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser tab that is closed is no fault of ours, and at night nobody wants to read its stack. */
class ClientsThatLeaveTest {

    /** More than the buffers of both ends take: one answer is streamed, the other sent at once. */
    private static final String LONG_ROWS = """
            insert into specs (id, title) select 'long-' || n, 'Long' from generate_series(1, 400) n;
            insert into impls (spec_id, library_id, language_id, preview_url_light)
            select 'long-' || n, 'plotly', 'python', repeat('u', 50000) from generate_series(1, 400) n""";

    @ParameterizedTest
    @ValueSource(strings = {"/plots/filter", "/libraries/plotly/images"})
    void whoLeavesInTheMiddleOfAnAnswerLeavesNoStackInTheLog(String path) throws IOException {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").fill("plots.sql")) {
            plots.execute(LONG_ROWS);
            leaves(path, plots);
        }
    }

    private static long running(TestPostgres.Database database) {
        return LittleCatalog.number(
                database,
                "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
                        + " and query like '%pg_sleep(20)%' and query not like '%pg_stat_activity%'");
    }

    private static RunningService sleeping(TestPostgres.Database database, Path folder, boolean profiled) {
        return RunningService.on(
                database,
                LittleCatalog.in(folder, "fresh: 1h")
                        .with("alone", "select 'x' || pg_sleep(20) as word", false)
                        .with("shared", "select 'y' || pg_sleep(20) as word from {notes}", true)
                        .arguments("--database.statement-timeout=30s", "--profile.enabled=" + profiled));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStatementThatNobodyWaitsForIsCalledOff(boolean profiled, @TempDir Path folder) throws IOException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = sleeping(database, folder, profiled)) {
            for (boolean politely : new boolean[] {true, false}) {
                RawClient client = new RawClient(service.service().port()).send(RawClient.request("GET", "/alone"));
                await().until(() -> running(database) == 1);
                if (politely) {
                    client.close();
                } else {
                    client.leave();
                }
                await().atMost(Duration.ofSeconds(3)).until(() -> running(database) == 0);
            }
            await().until(() -> service.admin("/metrics").body().contains("http_server_active_requests 0\n"));
            assertThat(service.admin("/metrics").body())
                    .contains("db_client_operation_failures_total{statement=\"little.alone\",kind=\"called_off\"} 2")
                    .contains("_count{route=\"/alone\",method=\"GET\",status=\"499\"} 2\n")
                    .doesNotContain("route=\"/alone\",method=\"GET\",status=\"5");
            assertThat(service.get(LittleCatalog.LIVE).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatIsKeptIsComputedForTheOthers(@TempDir Path folder) throws IOException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = sleeping(database, folder, true)) {
            RawClient client = new RawClient(service.service().port()).send(RawClient.request("GET", "/shared"));
            await().until(() -> running(database) == 1);
            client.leave();
            await().during(Duration.ofSeconds(2)).until(() -> running(database) == 1);
            LittleCatalog.number( // nobody needs to wait for it to its end
                    database,
                    "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                            + " where datname = current_database() and state = 'active' and pid <> pg_backend_pid()");
        }
    }

    @Test
    void whoLeavesInTheMiddleOfARequestLeavesNoStackInTheLog(@TempDir Path folder) throws IOException {
        try (TestPostgres.Database database = TestPostgres.database();
                RunningService service = RunningService.on(
                        database, LittleCatalog.in(folder, "fresh: 1h").arguments());
                LoggedLines log = LoggedLines.ofAll()) {
            for (String half : new String[] {
                "GET /live HT",
                "GET /live HTTP/1.1\r\nHost: loc",
                "GET /live HTTP/1.1\r\nHost: localhost\r\n",
                "POST /live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
                "POST /live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
                "no request\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n"
            }) {
                for (boolean politely : new boolean[] {true, false}) {
                    RawClient client = new RawClient(service.service().port()).send(half);
                    await().pollDelay(Duration.ofMillis(30)).until(() -> true);
                    if (politely) {
                        client.close();
                    } else {
                        client.leave();
                    }
                }
            }
            await().until(() -> service.admin("/metrics").body().contains("http_server_connections 0\n"));
            await().during(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(log.written()).noneMatch(line -> line.contains("Exception")));
        }
    }

    private static void leaves(String path, BundledCatalog plots) throws IOException {
        try (RunningService service = RunningService.on(plots.postgres(), "--catalogs.enabled=plots");
                LoggedLines log = LoggedLines.ofAll()) {
            leaveAfterTheFirstByte(service.service().port(), path);

            await().until(() -> service.admin("/metrics").body().contains("http_server_active_requests 0"));
            await().during(Duration.ofMillis(300))
                    .until(() -> log.written().stream().noneMatch(line -> line.contains("Exception")));
            assertThat(service.get("/stats").statusCode()).isEqualTo(200);
        }
    }

    private static void leaveAfterTheFirstByte(int port, String path) throws IOException {
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.setSoLinger(true, 0);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
    }
}
