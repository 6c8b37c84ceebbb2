package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.LoggedLines;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client and the log get of a handler that fails. */
class LastRequestsTest {
    private static final Handler FAILING = (request, response) -> {
        throw new UncheckedIOException(new NoSuchFileException("a file of ours"));
    };

    private static PortSetup port(Handler handler) {
        return new PortSetup(
                new ServerSettings.Address("server", "127.0.0.1", 0),
                new ServerSettings.Limits(8 << 10, 16 << 10, 64 << 10, 100, Duration.ofSeconds(75)),
                handler,
                new ProfileHeaders(false),
                status -> {});
    }

    private static HttpResponse<String> get(HttpClient client, int port) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void failureOfOurOwnFilesIsAnsweredAndLoggedWithinABudget(int requests) throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient();
                PortSetup setup = port(FAILING)) {
            WebServer server = setup.helidon();

            for (int i = 0; i < requests; i++) {
                HttpResponse<String> answer = get(client, server.port());

                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
            }

            server.stop();
            assertThat(failures(log)).hasSize(Math.min(requests, 5));
        }
    }

    @Test
    void stacksThatWereNotWrittenAreCountedWhenThePortCloses() throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient()) {
            PortSetup setup = port(FAILING);
            WebServer server = setup.helidon();
            for (int i = 0; i < 8; i++) {
                get(client, server.port());
            }

            server.stop();
            setup.close();

            assertThat(log.lines()).anyMatch(line -> line.contains("3 more requests failed"));
        }
    }

    private static List<String> failures(LoggedLines log) {
        return log.lines().stream()
                .filter(line -> line.contains(" failed (request "))
                .toList();
    }
}
