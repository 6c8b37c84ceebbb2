package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.RawClient.Answer;
import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that read slowly or not at all, send without end, say nothing, or come in too great a number. */
class SlowClientsTest {
    private static final int LARGE = 20 << 20;

    @TempDir
    Path folder;

    private final TestPostgres.Database database = TestPostgres.database();
    private RunningService service;

    private void start(String... settings) {
        service = RunningService.on(
                database,
                LittleCatalog.in(folder, "fresh: 1h")
                        .with("large", "select repeat('x', " + LARGE + ") as word", true)
                        .with("unkept", "select repeat('x', " + LARGE + ") as word", false)
                        .with("slow", "select 'x' || pg_sleep(3) as word", false)
                        .arguments(settings));
        await().until(() -> service.service().hears());
    }

    @AfterEach
    void stop() {
        service.close();
        database.close();
    }

    private RawClient client() throws IOException {
        return new RawClient(service.service().port(), 4096);
    }

    @Test
    void whoReadsSlowlyGetsAllOfIt_atOnceOrNot() throws IOException {
        start("--cache.largest-entry=100MB");
        for (String path : List.of("/unkept", "/large", "/large", "/large")) {
            try (RawClient client = client()) {
                client.send(RawClient.request("GET", path));
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
                Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).hasSizeGreaterThan(LARGE).endsWith("\"}]");
                assertThat(client.ask("GET", LittleCatalog.KEPT).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void theOthersDoNotWaitForThem() throws IOException {
        start("--cache.largest-entry=100MB");
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                RawClient client = client();
                slow.add(client.send(RawClient.request("GET", "/large")));
            }
            try (RawClient quick = client()) {
                for (int i = 0; i < 20; i++) {
                    assertThat(quick.ask("GET", LittleCatalog.KEPT).status()).isEqualTo(200);
                }
            }
        } finally {
            for (RawClient client : slow) {
                client.leave();
            }
        }
        await().until(() -> service.admin("/metrics").body().contains("http_server_active_requests 0\n"));
    }

    @Test
    void whoIsSilentForTooLongIsSentAway_inWhateverState() throws IOException {
        start("--server.idle-timeout=1s", "--cache.largest-entry=100MB");
        try (RawClient nothing = client();
                RawClient half = client().send("GET /kept HTTP/1.1\r\nHost:");
                RawClient after = client();
                RawClient body = client().send(RawClient.request("POST", "/kept", "Content-Length: 10"));
                RawClient reads = client().send(RawClient.request("GET", "/unkept"));
                RawClient readsAtOnce = client()) {
            assertThat(after.ask("GET", LittleCatalog.KEPT).status()).isEqualTo(200);
            for (int i = 0; i < 2; i++) {
                assertThat(readsAtOnce.ask("GET", "/large").status()).isEqualTo(200);
            }
            readsAtOnce.send(RawClient.request("GET", "/large"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.admin("/metrics").body().contains("http_server_connections 0\n"));
            assertThat(body.answer().status()).isEqualTo(405);
            for (RawClient silent : List.of(nothing, half, after, body)) {
                assertThat(silent.isClosedByServer()).isTrue();
            }
            assertThatThrownBy(reads::answer).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoReadsSlowlyGetsAllOfItAlsoWhereTheServiceStopsMeanwhile() throws Exception {
        start("--cache.largest-entry=100MB");
        try (RawClient client = client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.ask("GET", "/large").status()).isEqualTo(200);
            }
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            client.send(RawClient.request("GET", "/large"));
            await().until(() -> service.admin("/metrics").body().contains("http_server_at_once_requests_total 1\n"));
            Thread stopping = Thread.ofPlatform().start(service::close);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertThat(client.answer().body()).hasSizeGreaterThan(LARGE).endsWith("\"}]");
            stopping.join();
        }
    }

    @Test
    void aStatementThatTakesLongerThanThatIsNotIdle() throws IOException {
        start("--server.idle-timeout=1s");
        try (RawClient client = client()) {
            assertThat(client.ask("GET", "/slow").status()).isEqualTo(200);
        }
    }

    @Test
    void headersOfAnySizeAreRefusedInWords() throws IOException {
        start();
        try (RawClient client = client()) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    client.send(
                            "GET /kept HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(5_000_000) + "\r\n\r\n");
                } catch (IOException closed) {
                    // It was told already; whether it could say all of it does not matter.
                }
            });
            Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(431);
            assertThat(refused.body()).contains("server.max-headers-size");
            await().until(() -> !sender.isAlive());
        }
    }

    @Test
    void whoSendsWithoutEndAndReadsNothingIsNotReadWithoutEnd() throws IOException {
        start();
        try (RawClient client = client()) {
            client.socket().setSendBufferSize(4096);
            String many = RawClient.request("GET", LittleCatalog.LIVE).repeat(1000);
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 10_000; i++) {
                        client.send(many);
                    }
                } catch (IOException left) {
                    // The end of the test.
                }
            });
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertThat(sender.isAlive()).isTrue();
            client.leave();
            await().until(() -> !sender.isAlive());
        }
        await().until(() -> service.admin("/metrics").body().contains("http_server_connections 0\n"));
    }

    @Test
    void whoFindsNoRoomWaitsUntilSomebodyLeaves() throws IOException {
        start("--server.max-connections=2");
        try (RawClient first = client();
                RawClient second = client()) {
            assertThat(first.ask("GET", LittleCatalog.KEPT).status()).isEqualTo(200);
            assertThat(second.ask("GET", LittleCatalog.KEPT).status()).isEqualTo(200);
            try (RawClient third = client()) {
                third.socket().setSoTimeout(700);
                third.send(RawClient.request("GET", LittleCatalog.KEPT));
                assertThatThrownBy(third::answer).isInstanceOf(SocketTimeoutException.class);
                first.leave();
                third.socket().setSoTimeout(10_000);
                assertThat(third.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void nothingIsLeftOfThoseWhoCameAndWent() throws IOException {
        start();
        for (int i = 0; i < 300; i++) {
            try (RawClient client = client()) {
                if (i % 3 == 0) {
                    client.ask("GET", LittleCatalog.KEPT, "X-Number: " + i);
                } else if (i % 3 == 1) {
                    client.send("GET /kept HT");
                    client.leave();
                }
            }
        }
        await().until(() -> service.admin("/metrics").body().contains("http_server_connections 0\n"));
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("front-"))
                        .count())
                .isLessThanOrEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
}
