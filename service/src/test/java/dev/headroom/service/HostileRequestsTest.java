package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a client sends to either port: no fault of ours, no stack, and a log that stays small. */
class HostileRequestsTest {
    /** Requests of each kind to each port. */
    private static final int ROUNDS = 12;

    /** However many requests there are: five lines, and one that says how many there were beyond. */
    private static final int LINES_IN_TEN_SECONDS = 6;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) [A-Za-z0-9- ]*\r\n");
    private static final Pattern REQUEST_ID = Pattern.compile("X-Request-Id: (\\S+)");

    @TempDir
    static Path folder;

    private static TestPostgres.Database database;
    private static ServiceProcess service;

    /** What a client does once it has sent everything. */
    private enum Then {
        READS,
        ENDS_ITS_SIDE,
        RESETS
    }

    /** @param statuses one of them is that of the first answer; none: there may be no answer */
    private record Kind(String name, Then then, String bytes, List<Integer> statuses) {}

    private static final class Kinds {
        private final List<Kind> all = new ArrayList<>();

        void add(String name, Then then, String bytes, Integer... statuses) {
            all.add(new Kind(name, then, bytes, List.of(statuses)));
        }

        /** Refused before it is understood. */
        void refused(String name, String bytes) {
            add(name, Then.READS, bytes, 400);
        }

        /** A request line in an otherwise ordinary request. */
        void line(String line, Integer... statuses) {
            add(line, Then.READS, line + "\r\nHost: x\r\nConnection: close\r\n\r\n", statuses);
        }

        /** Header lines in an otherwise ordinary request. */
        void headers(String headers, Integer... statuses) {
            add(headers, Then.READS, "GET /health HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n", statuses);
        }

        /** A body as it follows these headers. */
        void body(String headers, String body, Then then, Integer... statuses) {
            add(
                    headers + " " + body,
                    then,
                    "POST /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n\r\n" + body,
                    statuses);
        }
    }

    private static List<Kind> kinds() {
        Kinds kinds = new Kinds();
        requestLines(kinds);
        targets(kinds);
        brokenHeaders(kinds);
        strangeHeaders(kinds);
        bodies(kinds);
        otherProtocols(kinds);
        leavers(kinds);
        return kinds.all;
    }

    private static void requestLines(Kinds kinds) {
        kinds.line("G(T / HTTP/1.1", 400);
        kinds.line("GE\0T / HTTP/1.1", 400);
        kinds.line("G\u00c9T / HTTP/1.1", 400);
        kinds.line("G\u007fT / HTTP/1.1", 400);
        kinds.line("@ / HTTP/1.1", 400);
        kinds.line(" / HTTP/1.1", 400);
        kinds.line("BREW / HTTP/1.1", 404, 405);
        kinds.line("M".repeat(4000) + " / HTTP/1.1", 404, 405);
        kinds.line("GET", 400);
        kinds.line("GET /", 400);
        kinds.line("GET / ", 400);
        kinds.line("GET  / HTTP/1.1", 400);
        kinds.line("GET / a HTTP/1.1", 400);
        kinds.line("GET / HTTP/1.1 ", 400);
        kinds.line("GET / HTTP/1.0", 505);
        kinds.line("GET / HTTP/0.9", 505);
        kinds.line("GET / HTTP/2.0", 505);
        kinds.line("GET / HTTP/1.10", 400);
        kinds.line("GET / http/1.1", 400);
        kinds.line("GET / HTTQ/1.1", 400);
        kinds.line("GET / HTTP/\0.1", 400);
        kinds.refused("lines that end with LF alone", "GET / HTTP/1.1\nHost: x\n\n");
        kinds.refused("a lone CR", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n");
        kinds.refused("no line at all", "\r\n\r\n");
        kinds.refused("NULs", "\0".repeat(100) + "\r\n\r\n");
        kinds.refused("a terminal's escapes", "\u001b]0;x\u0007 \u001b[2J\r\n\r\n");
    }

    private static void targets(Kinds kinds) {
        for (String target : List.of(
                "/%",
                "/%zz",
                "/%00",
                "/%ff%fe",
                "/%c0%af",
                "/?a=%",
                "/?%zz=1",
                "/?a=%ff",
                "/tasks/?limit=%00",
                "/\u00e9",
                "/?\u00e9=\u00e9",
                "/\\..\\..",
                "/../../etc/passwd",
                "//",
                "/;a=b",
                "/{x}",
                "/|",
                "/[",
                "/\"<script>",
                "/#a",
                "/?#a",
                "/\t",
                "/\0",
                "/\u001b[2J",
                "?",
                "#",
                ":",
                "http://",
                "http://x",
                "http://[::1",
                "http://x:99999/",
                "HTTP://x/",
                "ftp://x/",
                "x:443",
                "/" + "a/".repeat(3000))) {
            kinds.line("GET " + target + " HTTP/1.1", 200, 400, 404);
        }
        kinds.line("OPTIONS * HTTP/1.1", 200, 204, 400, 404, 405);
        kinds.line("CONNECT x:443 HTTP/1.1", 400, 404, 405);
        kinds.line("TRACE / HTTP/1.1", 404, 405);
        kinds.line("GET /" + "a".repeat(20_000) + " HTTP/1.1", 414);
        kinds.line("GET /" + "a".repeat(300_000) + " HTTP/1.1", 414);
        kinds.add("an endless line", Then.ENDS_ITS_SIDE, "GET /" + "a".repeat(300_000), 414);
    }

    private static void brokenHeaders(Kinds kinds) {
        for (String header : List.of(
                "Bad Name: x",
                "B(d: x",
                "B\u00c9d: x",
                ": x",
                " : x",
                "No colon",
                "\0: x",
                "X-Nul: a\0b",
                "X-Bell: a\u0007",
                "X-Escape: \u001b[2J",
                "X-Fold: a\r\n b",
                " X-Begins: with a space",
                "X-Cr: a\rb",
                "Content-Length: -1",
                "Content-Length: five",
                "Content-Length: 99999999999999999999",
                "Content-Length: 5, 5",
                "Content-Length: ",
                "Content-Length: 5\r\nContent-Length: 6",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: ",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Host: x:port")) {
            kinds.headers(header, 400);
        }
        kinds.headers("X-Large: " + "a".repeat(40_000), 431);
        kinds.headers("X-Name-" + "a".repeat(40_000) + ": x", 431);
        kinds.headers("X-Huge: " + "a".repeat(5 << 20), 431);
        kinds.headers("X-Many: x\r\n".repeat(5000).strip(), 431);
    }

    private static void strangeHeaders(Kinds kinds) {
        for (String header : List.of(
                "",
                "Host: ",
                "Host: x\r\nHost: y",
                "Host: [::1",
                "Host: a b",
                "Host: \u00e9",
                "X-Latin: \u00e9",
                "X-Delete: \u007f",
                "Accept: ;;q=,,/",
                "Accept: */*;q=NaN",
                "Accept-Encoding: gzip;q=;q,;",
                "Cookie: =;;=\u00ff;a",
                "If-None-Match: \"",
                "If-None-Match: W/\"\"\"",
                "If-Modified-Since: yesterday",
                "Range: bytes=-1-",
                "traceparent: 00-0-0-0",
                "X-Request-Id: \u00e9\u007f",
                "Origin: null, null",
                "Access-Control-Request-Method: ",
                "Authorization: Basic ====",
                "X-Forwarded-For: ,,",
                "Forwarded: for=\"",
                "Upgrade: websocket\r\nConnection: Upgrade",
                "Upgrade: \r\nConnection: Upgrade",
                "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings",
                "Content-Encoding: nonsense",
                "Content-Type: ;;;",
                "Expect: 100-continue",
                "Expect: \u00e9",
                "TE: \u00e9")) {
            kinds.headers(header, 200, 400, 404, 406);
        }
    }

    private static void bodies(Kinds kinds) {
        Integer[] answered = {404, 405, 400, 413};
        for (String chunks : List.of(
                "xyz\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFF\r\n",
                "7FFFFFFF\r\n",
                "5\r\nhello!!!0\r\n\r\n",
                "5;a=\"\0\r\nhello\r\n0\r\n\r\n",
                "0\r\nnot the end\r\n\r\n",
                "\r\n\r\n",
                "5\nhello\n0\n\n")) {
            kinds.body("Transfer-Encoding: chunked", chunks, Then.ENDS_ITS_SIDE, answered);
        }
        kinds.body("Transfer-Encoding: chunked", "5\r\nhel", Then.ENDS_ITS_SIDE);
        kinds.body("Content-Length: 10", "hello", Then.ENDS_ITS_SIDE);
        kinds.body("Content-Length: 2", "and more than that", Then.READS, answered);
        kinds.body("Content-Length: 10\r\nExpect: 100-continue", "", Then.READS, answered);
        kinds.body("Content-Length: 10\r\nExpect: nonsense", "0123456789", Then.READS, answered);
        kinds.body("Content-Length: 99999999", "", Then.READS, 413);
        kinds.body("Content-Length: 5\r\nContent-Encoding: nonsense", "hello", Then.READS, answered);
    }

    private static void otherProtocols(Kinds kinds) {
        String hello = "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003";
        kinds.add("a TLS hello", Then.ENDS_ITS_SIDE, hello + "\u00aa".repeat(500), 400);
        kinds.add("a TLS hello with an end of line in it", Then.READS, hello + "\u00aa\n".repeat(250), 400);
        kinds.add("HTTP/2", Then.READS, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0012\u0004\0\0\0\0\0", 505);
        kinds.add("SSH", Then.READS, "SSH-2.0-OpenSSH_9.6\r\n", 400);
        kinds.add("Redis", Then.READS, "*1\r\n$4\r\nPING\r\n", 400);
        kinds.add("PostgreSQL", Then.ENDS_ITS_SIDE, "\0\0\0\u0008\u0004\u00d2\u0016/");
        String first = "GET /nothing/here HTTP/1.1\r\nHost: x\r\n\r\n";
        kinds.add("a request, then garbage", Then.READS, first + "\0\0\u00ff garbage\r\n\r\n", 404);
        kinds.add("a request, then a broken method", Then.READS, first + "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 404);
        kinds.add("a request, then a TLS hello", Then.ENDS_ITS_SIDE, first + hello, 404);
        kinds.add("a request, then HTTP/1.0", Then.READS, first + "GET / HTTP/1.0\r\n\r\n", 404);
        kinds.add("many requests, then garbage", Then.READS, first.repeat(20) + "garbage\r\n\r\n", 404);
    }

    private static void leavers(Kinds kinds) {
        for (String sent : List.of(
                "",
                "G",
                "GET /heal",
                "GET /health HTTP/1.1\r\n",
                "GET /health HTTP/1.1\r\nHos",
                "GET /health HTTP/1.1\r",
                "GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /tasks/ HTTP/1.1\r\nHost: x\r\n\r\n".repeat(30),
                "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhel",
                "POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "\u0016\u0003",
                "G(T",
                "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nNo colon\r\n\r\n")) {
            kinds.add("leaves after " + sent, Then.RESETS, sent);
            kinds.add("ends after " + sent, Then.ENDS_ITS_SIDE, sent);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        database = TestPostgres.database();
        service = ServiceProcess.start(
                        folder,
                        database,
                        "--server.host=127.0.0.1",
                        "--server.port=0",
                        "--admin.port=0",
                        "--catalogs.enabled=statehub",
                        "--catalogs.sample-scale=0.001",
                        "--profile.slow-request-error=1h", // the machine may be busy
                        "--profile.slow-request-warn=1h",
                        "--profile.slow-statement-error=1h",
                        "--profile.slow-statement-warn=1h")
                .awaitServing();
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostileBytesMakeNoFaultAndNoFlood(boolean admin) throws IOException {
        int port = admin ? service.adminPort() : service.port();
        int before = service.lines().size();
        long began = System.nanoTime();
        Map<String, String> wrong = new TreeMap<>();

        for (int round = 0; round < ROUNDS; round++) {
            for (Kind kind : kinds()) {
                String answer = exchange(port, kind);
                String mistake = mistake(kind, answer);
                if (!mistake.isEmpty()) {
                    wrong.computeIfAbsent(shortened(kind.name()), first -> mistake);
                }
            }
        }

        List<String> written = service.lines().subList(before, service.lines().size());
        assertThat(wrong).isEmpty();
        long tens = Duration.ofNanos(System.nanoTime() - began).toSeconds() / 10;
        assertThat(written)
                .hasSizeLessThanOrEqualTo(LINES_IN_TEN_SECONDS * (int) (tens + 2))
                .noneMatch(line -> line.startsWith("\tat "));
        assertThat(ROUNDS * kinds().size()).as("requests").isGreaterThan(2000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusedRequestIsCountedAndAnsweredWithAProblem(boolean admin) throws IOException {
        Kind broken = kinds().getFirst();
        int port = admin ? service.adminPort() : service.port();
        long before = refused();

        String answer = exchange(port, broken);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(refused()).isEqualTo(before + 1);
        assertThat(REQUEST_ID.matcher(answer).results()).hasSize(1);
    }

    @Test
    void theLogNamesTheRequestThatTheAnswerNames() throws IOException {
        try (ServiceProcess fresh = ServiceProcess.start(
                        folder,
                        database,
                        "--server.host=127.0.0.1",
                        "--server.port=0",
                        "--admin.port=0",
                        "--catalogs.enabled=statehub")
                .awaitServing()) {
            Matcher id = REQUEST_ID.matcher(exchange(fresh.port(), kinds().getFirst()));

            assertThat(id.find()).isTrue();
            assertThat(fresh.lines()).anyMatch(line -> line.contains("400") && line.contains(id.group(1)));
        }
    }

    /** What is wrong with an answer to that; empty where nothing is. */
    private static String mistake(Kind kind, String answer) {
        List<Integer> statuses = STATUS.matcher(answer)
                .results()
                .map(MatchResult::group)
                .map(line -> Integer.valueOf(line.substring(9, 12)))
                .toList();
        if (statuses.stream().anyMatch(status -> status >= 500 && status != 505)) {
            return "a fault of ours: " + statuses;
        }
        if (!kind.statuses().isEmpty()
                && (statuses.isEmpty() || !kind.statuses().contains(statuses.getFirst()))) {
            return "expected " + kind.statuses() + ", got " + statuses
                    + (answer.isEmpty() ? "" : ": " + shortened(answer));
        }
        boolean named = !statuses.contains(400) || answer.contains("X-Request-Id: ");
        return named ? "" : "a refusal without a request id";
    }

    private static String shortened(String text) {
        String plain = text.chars()
                .limit(80)
                .mapToObj(c -> c >= ' ' && c < 0x7f ? String.valueOf((char) c) : "\\x%02x".formatted(c))
                .collect(Collectors.joining());
        return text.length() <= 80 ? plain : plain + "… (" + text.length() + ")";
    }

    /** Sends it on a connection of its own; what comes back until the server closes it. */
    private static String exchange(int port, Kind kind) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(kind.bytes().getBytes(StandardCharsets.ISO_8859_1));
                switch (kind.then()) {
                    case READS -> {}
                    case ENDS_ITS_SIDE -> socket.shutdownOutput();
                    case RESETS -> {
                        socket.setSoLinger(true, 0);
                        return "";
                    }
                }
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (SocketException reset) {
                return "reset: " + reset.getMessage();
            }
        }
    }

    private static long refused() throws IOException {
        try (RawClient client = new RawClient(service.adminPort())) {
            String metrics = client.ask("GET", "/metrics").body();
            Matcher sample = Pattern.compile("http_server_refused_requests_total\\{status=\"400\"} (\\d+)")
                    .matcher(metrics);
            return sample.find() ? Long.parseLong(sample.group(1)) : -1;
        }
    }
}
