package dev.headroom.service.http;

import dev.headroom.service.http.front.Requests;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * A handler, and the end of connections on which nothing more may come: Helidon 4.1.7 would read on there, and take what it
 * finds for the next request.
 */
final class LastRequests implements Handler {
    private final Handler handler;

    LastRequests(Handler handler) {
        this.handler = handler;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        if (isLast(request)) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        handler.handle(request, response);
        closeAsSaid(request, response);
        if (!request.content().hasEntity()) {
            Requests.ended();
        }
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
