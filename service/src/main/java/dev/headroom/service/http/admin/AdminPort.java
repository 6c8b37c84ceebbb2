package dev.headroom.service.http.admin;

import dev.headroom.service.http.Health;
import dev.headroom.service.http.exchange.Reply;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the platform and its people ask: health, metrics and what was slow, on a port of its own.
 *
 * <p>No limit, queue or pool of the API stands in its way, and nothing here needs the database: an overloaded replica
 * still says that it lives and how it is.
 */
final class AdminPort implements Handler {
    private final Map<String, Supplier<Reply>> pages;

    AdminPort(Health health, Supplier<Reply> metrics, Supplier<Reply> slowest) {
        this.pages = Map.of(
                "/health", health::ready,
                "/health/live", health::live,
                "/health/ready", health::ready,
                "/health/started", health::started,
                "/metrics", metrics,
                "/slowest", slowest);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        String path = request.path().path();
        Supplier<Reply> page =
                pages.get(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        String method = request.prologue().method().text();
        boolean head = method.equals("HEAD");
        if (page == null) {
            send(
                    response,
                    Reply.of(
                            404,
                            Reply.TEXT,
                            "Here are: "
                                    + String.join(
                                            ", ",
                                            pages.keySet().stream().sorted().toList()) + "\n"),
                    head);
        } else if (!head && !method.equals("GET")) {
            send(response, Reply.empty(405).with("Allow", "GET, HEAD"), head);
        } else {
            send(response, page.get().with("Cache-Control", "no-store"), head);
        }
    }

    private static void send(ServerResponse response, Reply reply, boolean head) {
        response.status(Status.create(reply.status()));
        if (!reply.contentType().isEmpty()) {
            response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
        }
        reply.headers().forEach(response::header);
        response.contentLength(reply.body().length);
        try {
            response.send(head ? new byte[0] : reply.body());
        } catch (UncheckedIOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
    }
}
