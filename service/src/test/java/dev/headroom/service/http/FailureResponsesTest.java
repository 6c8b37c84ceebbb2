package dev.headroom.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.http.front.Front;
import dev.headroom.service.http.seen.ProfileSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.testkit.LoggedLines;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client and the log get of a handler that fails. */
class FailureResponsesTest {
    private static final Pattern COUNTED = Pattern.compile("(\\d+) more requests? failed");

    private static final Handler FAILING = (request, response) -> {
        throw new UncheckedIOException(new NoSuchFileException("a file of ours"));
    };

    /** The two ways to open a port. */
    enum Way {
        FRONT,
        HELIDON
    }

    private record Open(int port, Runnable end) implements AutoCloseable {
        static Open port(Way way, Handler handler) throws IOException {
            PortSetup setup = new PortSetup(
                    new ServerSettings.Address("server", "server.host", "127.0.0.1", 0),
                    new ServerSettings.Limits(8 << 10, 16 << 10, 64 << 10, 100, Duration.ofSeconds(75)),
                    handler,
                    new ProfileHeaders(false),
                    status -> {});
            if (way == Way.FRONT) {
                Front front = setup.front(head -> null);
                return new Open(front.port(), () -> stop(setup, () -> front.stop(Duration.ofSeconds(1))));
            }
            WebServer server = setup.helidon();
            return new Open(server.port(), () -> stop(setup, server::stop));
        }

        private static void stop(PortSetup setup, Runnable server) {
            server.run();
            setup.close();
        }

        /** The API with one page, whose body is written by this. */
        static Open api(OptionalLong length, Reply.Writing body) throws IOException {
            var problems = new SettingsProblems();
            Config config = Config.just(
                    ConfigSources.create(Map.of("server.port", "0", "server.host", "127.0.0.1", "admin.port", "0")));
            Route page = Route.page("/", List.of(Reply.JSON), call -> Reply.json(new Reply.Streamed(length, body)));
            var settings = ServerSettings.from(config, problems);
            Api api = new Api(settings, ProfileSettings.from(config, problems), List.of(page), new Health());
            api.start();
            return new Open(
                    api.port(), () -> api.stop(new ServerSettings.Stopping(Duration.ZERO, Duration.ofSeconds(1))));
        }

        HttpResponse<String> get(HttpClient client) throws IOException, InterruptedException {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {
            end.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureOfOurOwnFilesIsAnsweredAndLogged(Way way) throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient();
                Open open = Open.port(way, FAILING)) {
            HttpResponse<String> answer = open.get(client);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.headers().firstValue("X-Request-Id"))
                    .hasValueSatisfying(id ->
                            assertThat(failures(log)).singleElement().asString().contains("(request " + id + ")"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void checkedExceptionIsAnsweredAndLoggedLikeAnyOther(Way way) throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient();
                Open open = Open.port(way, (request, response) -> {
                    throw new NoSuchFileException("a file of ours");
                })) {
            HttpResponse<String> answer = open.get(client);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(errors(log)).hasSize(1);
        }
    }

    /** However long they take: a budget that begins anew has told of the one before. */
    @ParameterizedTest
    @EnumSource
    void everyFailureIsLoggedOrCounted(Way way) throws Exception {
        int requests = 20;
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient()) {
            try (Open open = Open.port(way, FAILING)) {
                for (int i = 0; i < requests; i++) {
                    assertThat(open.get(client).statusCode()).isEqualTo(500);
                }
            }

            long counted = log.lines().stream()
                    .map(COUNTED::matcher)
                    .filter(Matcher::find)
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .sum();
            assertThat(counted).isPositive();
            assertThat(failures(log).size() + counted).isEqualTo(requests);
        }
    }

    @Test
    void writerThatFailsBeforeItsFirstByteIsAnsweredWith500() throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient();
                Open open = Open.api(OptionalLong.empty(), out -> {
                    throw new NoSuchFileException("a file of ours");
                })) {
            HttpResponse<String> answer = open.get(client);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(failures(log)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writerThatFailsLaterEndsTheAnswerShortAndIsLogged(boolean compressing) throws Exception {
        try (LoggedLines log = LoggedLines.ofAll();
                HttpClient client = HttpClient.newHttpClient();
                Open open = Open.api(OptionalLong.empty(), out -> {
                    try (OutputStream body = compressing ? new GZIPOutputStream(out) : out) {
                        out.write(new byte[1 << 20]);
                        body.write(1);
                        throw new NoSuchFileException("a file of ours");
                    }
                })) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> open.get(client));

            await().untilAsserted(() -> assertThat(failures(log)).hasSize(1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1 << 30})
    void clientThatLeavesInTheMiddleOfAnAnswerLeavesNoErrorLine(long length) throws Exception {
        var ended = new AtomicReference<Throwable>();
        Reply.Writing endless = out -> {
            try {
                for (int at = 0; at < 1 << 14; at++) {
                    out.write(new byte[1 << 16]);
                }
            } catch (IOException | RuntimeException gone) {
                ended.set(gone);
                throw gone;
            }
        };
        try (LoggedLines log = LoggedLines.ofAll()) {
            try (Open open = Open.api(length < 0 ? OptionalLong.empty() : OptionalLong.of(length), endless)) {
                leaveAfterTheFirstByte(open.port());
                await().until(() -> ended.get() != null);
            } // closed: whatever was to be logged has been

            assertThat(errors(log)).isEmpty();
        }
    }

    private static void leaveAfterTheFirstByte(int port) throws IOException {
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.setSoLinger(true, 0);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
    }

    private static List<String> errors(LoggedLines log) {
        return log.lines().stream().filter(line -> line.startsWith("SEVERE")).toList();
    }

    private static List<String> failures(LoggedLines log) {
        return log.lines().stream()
                .filter(line -> line.contains(" failed (request "))
                .toList();
    }
}
