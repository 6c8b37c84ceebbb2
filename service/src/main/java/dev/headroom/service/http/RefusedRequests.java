package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.RequestId;
import dev.headroom.service.logging.Counted;
import dev.headroom.service.logging.LineBudget;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that never became one: broken request lines and headers, and what exceeds the limits. Each gets a problem
 * and a request id, is counted and logged within a budget, and ends its connection, since what follows cannot be trusted.
 */
final class RefusedRequests implements DirectHandler, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RefusedRequests.class.getName());

    private static final int BAD_REQUEST = 400;
    private static final int URL_TOO_LONG = 414;
    private static final int VERSION_NOT_SUPPORTED = 505;
    private static final int BODY_TOO_LARGE = 413;
    private static final int HEADERS_TOO_LARGE = 431;

    /** In ten seconds: enough to find a client of our own that is wrong; scanners send thousands. */
    private static final int LINES = 5;

    /** How messages of {@link Framing} begin: what follows may be told to the client. */
    static final String AMBIGUOUS = "The request has ";

    private static final ScopedValue<Client> CLIENT = ScopedValue.newInstance();

    private final String port;
    private final ProfileHeaders profiles;
    private final IntConsumer refused;
    private final LineBudget budget;

    /** What a first line can be instead of one of HTTP/1.1. */
    enum FirstLine {
        TLS(BAD_REQUEST),
        NOT_HTTP(BAD_REQUEST),
        TOO_LONG(URL_TOO_LONG),
        OTHER_VERSION(VERSION_NOT_SUPPORTED);

        private final int status;

        FirstLine(int status) {
            this.status = status;
        }
    }

    /** Whose connection this is, and whether it may still be sending what was refused. */
    private static final class Client {
        private final Supplier<String> address;
        private boolean sendsMore;

        Client(Supplier<String> address) {
            this.address = address;
        }
    }

    /** Reads and answers the requests of a connection. */
    @FunctionalInterface
    interface Requests {
        void handle() throws InterruptedException;
    }

    /**
     * Those of one port.
     *
     * @param port as settings call it
     * @param refused told the status of each answer
     */
    RefusedRequests(String port, ProfileHeaders profiles, IntConsumer refused) {
        this.port = port;
        this.profiles = profiles;
        this.refused = refused;
        this.budget = new LineBudget(LINES, this::logMore);
    }

    /**
     * Has the requests of this client handled.
     *
     * @param address asked for only where it is written
     * @return whether the client may still be sending something that was refused for its size
     */
    static boolean ofClient(Supplier<String> address, Requests requests) throws InterruptedException {
        Client client = new Client(address);
        ScopedValue.where(CLIENT, client).<@Nullable Void, InterruptedException>call(() -> {
            requests.handle();
            return null;
        });
        return client.sendsMore;
    }

    /**
     * From Helidon. Faults of ours never come here, {@link FailureResponses} answers them: where Helidon itself fails on a
     * request, what it cannot read is the client's.
     */
    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType event,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        String why = message == null ? "" : message;
        int code = code(request, event, status, why);
        Problem problem = code == BAD_REQUEST ? broken(why) : problem(code);
        String requestId = RequestId.fresh();
        Reply reply = refuse(code, problem, requestId);
        headers.set(HeaderNames.CONTENT_TYPE, reply.contentType());
        profiles.each(requestId, new StatementProfile(requestId), 0, headers::set);
        return TransportResponse.builder()
                .status(status(code))
                .headers(headers)
                .entity(reply.body())
                .keepAlive(false)
                .build();
    }

    private static int code(TransportRequest request, EventType event, Status status, String why) {
        // Only the message of Helidon tells headers over the limit from broken ones; its version is the whole line.
        if (why.contains("Header size exceeded")) {
            return HEADERS_TOO_LARGE;
        }
        if (request.protocolVersion().contains(" HTTP/1.0")) {
            return VERSION_NOT_SUPPORTED;
        }
        return event == EventType.INTERNAL_ERROR ? BAD_REQUEST : status.code();
    }

    /** The whole answer to a client whose first line is not HTTP/1.1. */
    BufferData answer(FirstLine line) {
        int code = line.status;
        String requestId = RequestId.fresh();
        Problem problem = line == FirstLine.TLS
                ? new Problem(
                        Problem.Kind.BAD_REQUEST,
                        "This port speaks HTTP without TLS: ask for http://, or end TLS in a proxy before it.")
                : problem(code);
        Reply reply = refuse(code, problem, requestId);
        BufferData answer = BufferData.growing(1024);
        Status status = status(code);
        answer.write(("HTTP/1.1 " + code + " " + status.reasonPhrase() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        HeaderValues.create(HeaderNames.CONTENT_TYPE, reply.contentType()).writeHttp1Header(answer);
        HeaderValues.create(HeaderNames.CONTENT_LENGTH, reply.body().length).writeHttp1Header(answer);
        HeaderValues.CONNECTION_CLOSE.writeHttp1Header(answer);
        profiles.each(requestId, new StatementProfile(requestId), 0, header -> header.writeHttp1Header(answer));
        answer.write('\r');
        answer.write('\n');
        answer.write(reply.body());
        return answer;
    }

    /** Helidon knows no words for 431, and would repeat the number. */
    private static Status status(int code) {
        return code == HEADERS_TOO_LARGE ? Status.create(code, "Request Header Fields Too Large") : Status.create(code);
    }

    /** @param why Helidon's message, or that of {@link Framing} */
    private static Problem broken(String why) {
        if (why.startsWith(AMBIGUOUS)) {
            return new Problem(Problem.Kind.BAD_REQUEST, why + ": where it ends is not certain.");
        }
        return why.contains("Host header")
                ? new Problem(Problem.Kind.BAD_REQUEST, "HTTP/1.1 needs one Host header, and it must not be empty.")
                : problem(BAD_REQUEST);
    }

    private Reply refuse(int code, Problem problem, String requestId) {
        refused.accept(code);
        Client client = CLIENT.isBound() ? CLIENT.get() : new Client(() -> "an unknown address");
        client.sendsMore = code == BODY_TOO_LARGE || code == URL_TOO_LONG || code == HEADERS_TOO_LARGE;
        if (budget.spend()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}.port refused a request from {1} with {2}: {3} (request {4})",
                    port,
                    client.address.get(),
                    Integer.toString(code),
                    problem.getMessage(),
                    requestId);
        }
        return problem.reply(code, "", requestId);
    }

    private void logMore(long requests) {
        LOG.log(
                System.Logger.Level.INFO,
                "{0}.port refused {1} in the last {2} s; http_server_refused_requests_total counts all",
                port,
                new Counted(requests, "more request"),
                LineBudget.SECONDS);
    }

    private static Problem problem(int status) {
        return switch (status) {
            case BODY_TOO_LARGE ->
                new Problem(Problem.Kind.TOO_LARGE, "The body is larger than server.max-body-size allows.");
            case URL_TOO_LONG ->
                new Problem(Problem.Kind.TOO_LARGE, "The URL is longer than server.max-url-length allows.");
            case HEADERS_TOO_LARGE ->
                new Problem(Problem.Kind.TOO_LARGE, "The headers are larger than server.max-headers-size allows.");
            case VERSION_NOT_SUPPORTED ->
                new Problem(
                        Problem.Kind.BAD_REQUEST,
                        "HTTP/1.1 is needed, and this is another version; for nginx: proxy_http_version 1.1.");
            default -> new Problem(Problem.Kind.BAD_REQUEST, "The request line or a header is not valid HTTP/1.1.");
        };
    }

    @Override
    public void close() {
        budget.close();
    }
}
