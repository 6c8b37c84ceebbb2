package dev.headroom.service.http;

import dev.headroom.service.http.front.Express;
import dev.headroom.service.http.front.Front;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What both ports have in common, and the two ways to open one.
 *
 * <p>What Helidon leaves open is set here, in one place: Nagle's algorithm off (on, an answer waits up to 40 ms for the
 * client's delayed acknowledgement), limits on what a request may weigh, and no shutdown hook of its own, because
 * {@code ServiceMain} decides the order in which things stop.
 */
public final class PortSetup implements AutoCloseable {
    /** By the time a port is closed its requests have finished; what is left are idle connections. */
    static final Duration IDLE_CONNECTIONS_GO = Duration.ofMillis(250);

    private static final int BACKLOG = 1024;

    private final ServerSettings.Address address;
    private final ServerSettings.Limits limits;
    private final FailureResponses handler;
    private final RefusedRequests refused;
    private final HttpConnections connections;

    /**
     * Of one port; nothing is opened yet.
     *
     * @param handler answers every request
     * @param profiles of the answers to what is none
     * @param refused told the status of each of those
     */
    public PortSetup(
            ServerSettings.Address address,
            ServerSettings.Limits limits,
            Handler handler,
            ProfileHeaders profiles,
            IntConsumer refused) {
        this.address = address;
        this.limits = limits;
        this.handler = new FailureResponses(handler);
        this.refused = new RefusedRequests(address.section(), profiles, refused);
        this.connections = new HttpConnections(
                Http1ConnectionSelector.builder().config(http1()).build(), limits.url(), this.refused);
    }

    /** Opens the port with few threads that read it, and what can be answered at once. */
    Front front(Express answers) throws IOException {
        var understanding = new Front.Understanding(
                Router.builder().addRouting(routing()).build(), allEvents(refused), List.of(connections));
        try {
            return new Front(address.resolved(), configuration().buildPrototype(), understanding, answers);
        } catch (IOException | IllegalArgumentException refused) {
            throw address.unusable(refused);
        }
    }

    /** Opens the port as Helidon does it by itself, with a thread for each connection. */
    public WebServer helidon() throws IOException {
        try (var probe = new ServerSocket()) { // Helidon only logs why it cannot
            probe.bind(address.resolved());
        } catch (IOException | IllegalArgumentException refused) {
            throw address.unusable(refused);
        }
        WebServer server = configuration()
                .addConnectionSelector(connections)
                .directHandlers(allEvents(refused))
                .addRouting(routing())
                .build();
        server.start();
        if (!server.isRunning()) {
            throw address.unusable(new IOException("it was taken while starting"));
        }
        return server;
    }

    /** Says how many more were refused or failed than the log has lines for. */
    @Override
    public void close() {
        refused.close();
        handler.close();
        connections.close();
    }

    private WebServerConfig.Builder configuration() {
        return WebServer.builder()
                .shutdownHook(false)
                .host(address.host())
                .port(address.port())
                .backlog(BACKLOG)
                .maxPayloadSize(limits.body())
                .maxTcpConnections(limits.connections())
                .idleConnectionTimeout(limits.idle())
                .shutdownGracePeriod(IDLE_CONNECTIONS_GO)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build());
    }

    private Http1Config http1() {
        return Http1Config.builder()
                .maxPrologueLength(limits.url())
                .maxHeadersSize(limits.headers())
                // QueryString parses the query, and its refusal names the parameter.
                .validatePrologue(false)
                .addReceiveListener(new Framing())
                .receiveLog(false)
                .sendLog(false)
                .build();
    }

    private HttpRouting.Builder routing() {
        return HttpRouting.builder().any(handler);
    }

    private static DirectHandlers allEvents(DirectHandler handler) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, handler);
        }
        return handlers.build();
    }
}
