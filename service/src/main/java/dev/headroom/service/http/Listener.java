package dev.headroom.service.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

/**
 * One port and the one handler behind it.
 *
 * <p>What Helidon leaves open is set here, in one place: Nagle's algorithm off (on, an answer waits up to 40 ms for the
 * client's delayed acknowledgement), limits on what a request may weigh, and no shutdown hook of its own, because
 * {@code ServiceMain} decides the order in which things stop.
 */
final class Listener {
    /** By the time a listener is stopped its requests have finished; what is left are idle connections. */
    private static final Duration IDLE_CONNECTIONS_GO = Duration.ofMillis(250);

    private static final int BACKLOG = 1024;

    private final String name;
    private final String host;
    private final int port;
    private final WebServer server;

    Listener(
            String name,
            String host,
            int port,
            ServerSettings.Limits limits,
            Handler handler,
            DirectHandler malformed) {
        this.name = name;
        this.host = host;
        this.port = port;
        this.server = WebServer.builder()
                .shutdownHook(false)
                .host(host)
                .port(port)
                .backlog(BACKLOG)
                .maxPayloadSize(limits.body())
                .maxTcpConnections(limits.connections())
                .idleConnectionTimeout(limits.idle())
                .shutdownGracePeriod(IDLE_CONNECTIONS_GO)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(limits.url())
                        .maxHeadersSize(limits.headers())
                        // The query is parsed, and refused by name of the parameter, by Request.
                        .validatePrologue(false)
                        .addReceiveListener(new Framing())
                        .receiveLog(false)
                        .sendLog(false)
                        .build())
                .addConnectionSelector(new OlderHttp())
                .directHandlers(allEvents(malformed))
                .routing(HttpRouting.builder().any((request, response) -> {
                    handler.handle(request, response);
                    closeAsSaid(request, response);
                }))
                .build();
    }

    /** Starts listening, or says why it cannot in words that name the setting to change. */
    void start() throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException taken) {
            throw new IOException(
                    "%s.port %d on %s cannot be used: %s. Stop what uses it, or set another; %s.host must be an address of this machine."
                            .formatted(name, port, host, taken.getMessage(), name),
                    taken);
        }
        server.start();
        if (!server.isRunning()) {
            throw new IOException("%s.port %d on %s was taken while starting.".formatted(name, port, host));
        }
    }

    /** The port in use, also when the settings said 0 for any. */
    int port() {
        return server.port();
    }

    void stop() {
        server.stop();
    }

    /**
     * Helidon 4.1.7 says that it closes the connection and reads on: a body that nobody wanted would be answered as the next
     * request. It is taken off the line first, because whoever closes with something unread takes back what was sent.
     */
    private static void closeAsSaid(ServerRequest request, ServerResponse response) {
        if (!response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            return;
        }
        if (!request.headers().contains(HeaderValues.EXPECT_100)) {
            try {
                request.content().consume();
            } catch (RuntimeException broken) {
                throw new CloseConnectionException("the connection was to be closed, and its body is broken", broken);
            }
        }
        throw new CloseConnectionException("the connection was to be closed");
    }

    private static DirectHandlers allEvents(DirectHandler handler) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, handler);
        }
        return handlers.build();
    }
}
