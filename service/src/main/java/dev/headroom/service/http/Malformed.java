package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.RequestId;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.util.function.IntConsumer;

/**
 * Answers requests that never became one: broken request lines and headers, and what exceeds the limits. They get a
 * problem and a request id like all others, and the connection is closed, since what follows on it cannot be trusted.
 */
final class Malformed implements DirectHandler {
    private static final int HEADERS_TOO_LARGE = 431;

    /** How messages of {@link Framing} begin: what follows may be told to the client. */
    static final String AMBIGUOUS = "The request has ";

    private final ProfileHeaders profiles;
    private final IntConsumer refused;

    /** @param refused told the status of each answer */
    Malformed(ProfileHeaders profiles, IntConsumer refused) {
        this.profiles = profiles;
        this.refused = refused;
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType event, Status status, ServerResponseHeaders headers, String message) {
        String requestId = RequestId.fresh();
        // Helidon tells headers over the limit from broken ones by its message alone.
        int code = message.contains("Header size exceeded") ? HEADERS_TOO_LARGE : status.code();
        refused.accept(code);
        Problem problem = message.startsWith(AMBIGUOUS)
                ? new Problem(Problem.Kind.BAD_REQUEST, message + ": where it ends is not certain.")
                : problem(code);
        Reply reply = problem.reply(code, "", requestId);
        headers.set(HeaderNames.CONTENT_TYPE, reply.contentType());
        profiles.each(requestId, new StatementProfile(requestId), 0, headers::set);
        return TransportResponse.builder()
                .status(Status.create(code))
                .headers(headers)
                .entity(reply.body())
                .keepAlive(false)
                .build();
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 413 -> new Problem(Problem.Kind.TOO_LARGE, "The body is larger than server.max-body-size allows.");
            case 414 -> new Problem(Problem.Kind.TOO_LARGE, "The URL is longer than server.max-url-length allows.");
            case 431 ->
                new Problem(Problem.Kind.TOO_LARGE, "The headers are larger than server.max-headers-size allows.");
            case 500 ->
                new Problem(Problem.Kind.INTERNAL, "Something went wrong here; the request id leads to it in our log.");
            default -> new Problem(Problem.Kind.BAD_REQUEST, "The request line or a header is not valid HTTP/1.1.");
        };
    }
}
