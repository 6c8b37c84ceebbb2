package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes on one connection is answered in its order and read in one way, whoever answers: bytes that look like a
 * familiar request and are a part of another one are not taken for it.
 */
class OneConnectionTest {
    private static final String FAMILIAR = RawClient.request("GET", LittleCatalog.KEPT);

    @TempDir
    static Path folder;

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        database = TestPostgres.database();
        service = RunningService.on(
                database, LittleCatalog.in(folder, "fresh: 1h").arguments());
        await().until(() -> service.service().hears());
        try (RawClient client = new RawClient(service.service().port())) {
            do {
                assertThat(client.send(FAMILIAR).answer().status()).isEqualTo(200);
            } while (service.admin("/metrics").body().contains("http_server_at_once_requests_total 0\n"));
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    /** The connection is at its beginning again: the next answer is that of the next request. */
    private static void isInOrder(RawClient client) throws IOException {
        assertThat(client.ask("GET", "/nothing/here").status()).isEqualTo(404);
        assertThat(client.send(FAMILIAR).answer().status()).isEqualTo(200);
        assertThat(client.ask("GET", "/nothing/here").status()).isEqualTo(404);
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET"})
    void aBodyIsNoRequestWhateverItHolds(String method) throws IOException {
        String length = "Content-Length: " + 2 * FAMILIAR.length();
        for (String path : List.of(LittleCatalog.KEPT, LittleCatalog.LIVE, "/nothing/here")) {
            try (RawClient client = new RawClient(service.service().port())) {
                client.send(RawClient.request(method, path, length));
                pause();
                client.send(FAMILIAR);
                pause();
                client.send(FAMILIAR);
                assertThat(client.answer().status()).isIn(200, 404, 405);
                isInOrder(client);
            }
        }
    }

    @Test
    void aChunkOfABodyIsNoRequestEither() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            client.send(RawClient.request("POST", LittleCatalog.KEPT, "Transfer-Encoding: chunked"));
            for (int chunk = 0; chunk < 3; chunk++) {
                pause();
                client.send(Integer.toHexString(FAMILIAR.length()) + "\r\n");
                pause();
                client.send(FAMILIAR);
                pause();
                client.send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(405);
            isInOrder(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /live HTTP/1.1\r\n",
                "GET /live HTTP/1.1\r\nHost: localhost\r\nX-Begun: ",
                "GET /live HTTP/1.1\r\nHost: localhost\r\nX-Begun: a\r",
                "GET /live"
            })
    void theRestOfAHeadIsNoRequest(String half) throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            assertThat(client.send(FAMILIAR).answer().status()).isEqualTo(200);
            assertThat(client.ask("GET", LittleCatalog.LIVE).status()).isEqualTo(200);
            client.send(half);
            pause();
            client.send(FAMILIAR);
            // One request, of whatever sense: two answers would be one too many for whoever is in front of us.
            assertThat(client.answer().header("Cache-Status")).doesNotContain("hit");
        }
    }

    @Test
    void halfARequestAfterAWholeOneIsNoEndOfIt() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            client.send(RawClient.request("GET", LittleCatalog.LIVE)
                    + "GET /live HTTP/1.1\r\nHost: localhost\r\nX-Begun: ");
            assertThat(client.answer().status()).isEqualTo(200);
            pause();
            client.send(FAMILIAR);
            assertThat(client.answer().header("Cache-Status")).doesNotContain("hit");
        }
    }

    @Test
    void manyAtOnceAreAnsweredInTheirOrder() throws IOException {
        try (RawClient client = new RawClient(service.service().port())) {
            client.send((FAMILIAR + RawClient.request("GET", "/nothing/here")).repeat(50));
            for (int answer = 0; answer < 50; answer++) {
                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(client.answer().status()).isEqualTo(404);
            }
            isInOrder(client);
        }
    }

    /** Any requests in any pieces. The seed is printed where it fails. */
    @Test
    void whateverThePiecesEachRequestHasItsAnswer() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            List<String> asked = new ArrayList<>();
            var all = new StringBuilder();
            for (int request = 0; request < 12; request++) {
                String[] one = anyRequest(random);
                asked.add(one[0]);
                all.append(one[1]);
            }
            List<String> answered = new ArrayList<>();
            try (RawClient client = new RawClient(service.service().port())) {
                Thread sender = Thread.startVirtualThread(() -> sendInPieces(client, all.toString(), random));
                for (String expected : asked) {
                    answered.add(expected.substring(0, 1)
                            + client.answer(expected.startsWith("H")).status());
                }
                await().until(() -> !sender.isAlive()); // a refusal comes before the body that it refuses
                isInOrder(client);
            } finally {
                assertThat(answered).as("seed %d, round %d", seed, round).isEqualTo(asked);
            }
        }
    }

    /** How it is to be answered, H before what has no body; and its bytes. */
    private static String[] anyRequest(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new String[] {"G200", RawClient.request("GET", LittleCatalog.LIVE)};
            case 1 -> new String[] {"G404", RawClient.request("GET", "/nothing/here")};
            case 2 -> new String[] {"H200", RawClient.request("HEAD", LittleCatalog.KEPT)};
            case 3 ->
                new String[] {
                    "P405",
                    RawClient.request("POST", LittleCatalog.KEPT, "Content-Length: " + FAMILIAR.length()) + FAMILIAR
                };
            default -> new String[] {"G200", FAMILIAR};
        };
    }

    private static void sendInPieces(RawClient client, String all, Random random) {
        try {
            for (int at = 0; at < all.length(); ) {
                // Often exactly a familiar request, which is where it could go wrong.
                int length = random.nextBoolean() ? FAMILIAR.length() : 1 + random.nextInt(3 * FAMILIAR.length());
                int end = Math.min(all.length(), at + length);
                client.send(all.substring(at, end));
                at = end;
                if (random.nextInt(3) == 0) {
                    LockSupport.parkNanos(random.nextInt(3_000_000));
                }
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
