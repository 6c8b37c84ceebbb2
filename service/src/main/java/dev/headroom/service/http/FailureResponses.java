package dev.headroom.service.http;

import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.RequestId;
import dev.headroom.service.http.front.Requests;
import dev.headroom.service.logging.Counted;
import dev.headroom.service.logging.LineBudget;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;

/**
 * Answers with 500 where the handler fails, and logs the stack within a budget: Helidon would log one for each request.
 *
 * <p>It also closes connections on which no further request may come, as after such an answer: Helidon 4.1.7 would read on,
 * and take a body that nobody read for the next request.
 */
final class FailureResponses implements Handler, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FailureResponses.class.getName());
    private static final int STACKS = 5;

    private final Handler handler;
    private final LineBudget stacks = new LineBudget(
            STACKS,
            more -> LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} failed in the last {1} s",
                    new Counted(more, "more request"),
                    LineBudget.SECONDS));

    FailureResponses(Handler handler) {
        this.handler = handler;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        if (isLast(request)) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        try {
            handler.handle(request, response);
        } catch (CloseConnectionException over) {
            throw over;
        } catch (Exception | Error fault) { // ours: for a client that left, ApiPort throws the above
            answer(request, response, fault);
        }
        closeAsSaid(request, response);
        if (!request.content().hasEntity()) {
            Requests.ended();
        }
    }

    private void answer(ServerRequest request, ServerResponse response, Throwable fault) {
        String requestId = RequestId.fresh();
        if (stacks.spend()) {
            String method = request.prologue().method().text();
            LOG.log(System.Logger.Level.ERROR, "%s failed (request %s)".formatted(method, requestId), fault);
        }
        if (!(response instanceof RoutingResponse unsent) || !unsent.reset()) {
            throw new CloseConnectionException("the handler failed after it had answered", fault);
        }
        Reply reply = new Problem(
                        Problem.Kind.INTERNAL, "Something went wrong here; the request id leads to it in our log.")
                .reply("", requestId);
        response.status(Status.INTERNAL_SERVER_ERROR_500)
                .header(HeaderNames.CONTENT_TYPE, reply.contentType())
                .header(ProfileHeaders.REQUEST_ID, requestId)
                .header(HeaderValues.CONNECTION_CLOSE);
        try {
            response.send(reply.body());
        } catch (UncheckedIOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
    }

    /** Says how many more failed than the log has stacks for. */
    @Override
    public void close() {
        stacks.close();
    }

    /**
     * Whether nothing can come after it: because the client says so, in whatever letters, or because it announced a body and
     * asks whether to send it. Nobody reads that body, and a client may send it all the same (RFC 9110, 10.1.1): Helidon 4.1.7
     * would take it for the next request, and whatever stands in it.
     */
    private static boolean isLast(ServerRequest request) {
        var headers = request.headers();
        boolean bodyMayCome =
                headers.contains(HeaderNames.EXPECT) && request.content().hasEntity();
        return bodyMayCome
                || (headers.contains(HeaderNames.CONNECTION)
                        && headers.get(HeaderNames.CONNECTION).allValues(true).stream()
                                .anyMatch("close"::equalsIgnoreCase));
    }

    /**
     * Helidon 4.1.7 says that it closes the connection and reads on: a body that nobody wanted would be answered as the next
     * request. It is taken off the line first, because whoever closes with something unread takes back what was sent.
     */
    private static void closeAsSaid(ServerRequest request, ServerResponse response) {
        if (!response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            return;
        }
        if (!request.headers().contains(HeaderNames.EXPECT)) {
            try {
                request.content().consume();
            } catch (RuntimeException broken) {
                throw new CloseConnectionException("the connection was to be closed, and its body is broken", broken);
            }
        }
        throw new CloseConnectionException("the connection was to be closed");
    }
}
