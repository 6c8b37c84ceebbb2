package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before it is understood, and where a request ends. */
class RefusedRequestsTest {
    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeAll
    static void start() {
        database = TestPostgres.database();
        service = RunningService.on(database, "--catalogs.sample-scale=0.001");
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @Test
    void aRequestThatIsNoHttpGetsAProblemAndARequestIdToo() throws IOException {
        String answer = service.raw("GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("X-Request-Id: ", "X-Query-Count: 0", "application/problem+json", "\"status\":400");
    }

    @Test
    void aClientOfHttp10IsToldWhatItNeedsInsteadOfBeingHungUpOn() throws IOException {
        assertThat(service.raw("GET /tasks/ HTTP/1.0\r\nX-Half: there is more\r\n\r\n"))
                .startsWith("HTTP/1.1 505")
                .contains("application/problem+json", "HTTP/1.1 is needed");
    }

    @Test
    void whatIsTooLargeIsRefusedByItsSize() throws IOException {
        assertThat(service.raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("server.max-url-length");
        assertThat(service.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + "a".repeat(40_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
                .contains("server.max-headers-size");
        assertThat(service.raw("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("server.max-body-size");
    }

    @Test
    void tlsAndAMissingHostAreToldApart() throws IOException {
        assertThat(service.raw("\u0016\u0003\u0001\u0002\u0000\u0001"))
                .startsWith("HTTP/1.1 400 ")
                .contains("This port speaks HTTP without TLS");
        assertThat(service.raw("GET /topics/ HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("HTTP/1.1 needs one Host header");
        assertThat(service.raw("GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains("The request line or a header is not valid HTTP/1.1.");
    }

    @ParameterizedTest
    @CsvSource({
        "400, 'GET /a b c HTTP/1.1||'",
        "400, 'POST /tasks/ HTTP/1.1|Host: x|Content-Length: +5||'",
        "505, 'GET /tasks/ HTTP/1.0||'"
    })
    void whatIsRefusedBeforeItIsUnderstoodIsCountedAndSaysThatNothingRan(int status, String request)
            throws IOException {
        String sample = "http_server_refused_requests_total{status=\"" + status + "\"}";
        long before = Figure.of(service, sample);
        assertThat(service.raw(request.replace("|", "\r\n")))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(
                        "X-Request-Id: ", "X-Process-Time: ", "X-Query-Count: 0", "X-Query-Time: ", "Server-Timing: ");
        assertThat(Figure.of(service, sample)).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Length: 5|Transfer-Encoding: chunked', both Content-Length and Transfer-Encoding",
        "'Transfer-Encoding: chunked, identity', a Transfer-Encoding other than chunked",
        "'Transfer-Encoding: Chunked', a Transfer-Encoding other than chunked",
        "'Content-Length: 5|Content-Length: 6', a Content-Length that is not one whole number",
        "'Content-Length: +5', a Content-Length that is not one whole number"
    })
    void aRequestWhoseEndIsNotCertainIsRefusedAndWhatFollowsIsNoRequest(String headers, String why) throws IOException {
        String answer = service.raw("POST /tasks/ HTTP/1.1\r\nHost: x\r\n" + headers.replace("|", "\r\n")
                + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", why, "Connection: close");
        assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aConnectionThatIsToBeClosedIsAndWhatFollowsIsNoRequest(String method) throws IOException {
        String body = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        for (String counted : List.of("", "Content-Length: " + body.length() + "\r\n")) {
            String answer = service.raw(
                    method + " /topics/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + counted + "\r\n" + body);
            assertThat(answer).contains("Connection: close").doesNotContain("smuggled");
            assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue", "something"})
    void aBodyThatWaitedForLeaveToComeIsNoRequest(String expectation) throws IOException {
        for (int port : List.of(service.service().port(), service.service().adminPort())) {
            try (RawClient client = new RawClient(port)) {
                RawClient.Answer answer = client.ask("GET", "/topics/", "Expect: " + expectation, "Content-Length: 38");
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Close", "close, TE"})
    void aConnectionIsClosedHoweverItsClientWritesThat(String connection) throws IOException {
        for (int port : List.of(service.service().port(), service.service().adminPort())) {
            try (RawClient client = new RawClient(port)) {
                RawClient.Answer answer = client.ask("GET", "/topics/", "Connection: " + connection);
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }
}
