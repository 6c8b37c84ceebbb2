package dev.headroom.service.http;

import dev.headroom.service.http.front.Express;
import dev.headroom.service.http.front.Front;
import dev.headroom.service.http.front.Requests;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private final ServerSettings.Limits limits;
    private final Handler handler;
    private final DirectHandlers malformed;
    private final Optional<Express> express;
    private volatile @Nullable Port listening;

    /** One that listens. */
    private interface Port {
        int number();

        int connections();

        boolean answering();

        void stop();
    }

    /** @param express what can be answered at once, on a port that is read by few threads; nothing on Helidon's own */
    Listener(
            String name,
            String host,
            int port,
            ServerSettings.Limits limits,
            Handler handler,
            DirectHandler malformed,
            Optional<Express> express) {
        this.name = name;
        this.host = host;
        this.port = port;
        this.limits = limits;
        this.handler = handler;
        this.malformed = allEvents(malformed);
        this.express = express;
    }

    /** Starts listening, or says why it cannot in words that name the setting to change. */
    void start() throws IOException {
        try {
            listening = express.isPresent() ? front(express.get()) : helidon();
        } catch (IOException | IllegalArgumentException taken) {
            throw new IOException(
                    "%s.port %d on %s cannot be used: %s. Stop what uses it, or set another; %s.host must be an address of this machine."
                            .formatted(name, port, host, taken.getMessage(), name),
                    taken);
        }
    }

    private Port front(Express answers) throws IOException {
        Http1Config http1 = http1();
        Front front = new Front(
                new InetSocketAddress(InetAddress.getByName(host), port),
                configuration().buildPrototype(),
                new Front.Understanding(
                        Router.builder().addRouting(routing()).build(),
                        malformed,
                        List.of(
                                new OlderHttp(),
                                Http1ConnectionSelector.builder().config(http1).build())),
                answers);
        return new Port() {
            @Override
            public int number() {
                return front.port();
            }

            @Override
            public int connections() {
                return front.connections();
            }

            @Override
            public boolean answering() {
                return front.isAnswering();
            }

            @Override
            public void stop() {
                front.stop(IDLE_CONNECTIONS_GO);
            }
        };
    }

    private Port helidon() throws IOException {
        try (var probe = new java.net.ServerSocket()) { // Helidon only logs why it cannot
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        }
        WebServer server = configuration()
                .addProtocol(http1())
                .addConnectionSelector(new OlderHttp())
                .directHandlers(malformed)
                .addRouting(routing())
                .build();
        server.start();
        if (!server.isRunning()) {
            throw new IOException("it was taken while starting");
        }
        return new Port() {
            @Override
            public int number() {
                return server.port();
            }

            @Override
            public int connections() {
                return 0; // Helidon does not tell
            }

            @Override
            public boolean answering() {
                return false;
            }

            @Override
            public void stop() {
                server.stop();
            }
        };
    }

    private WebServerConfig.Builder configuration() {
        return WebServer.builder()
                .shutdownHook(false)
                .host(host)
                .port(port)
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
                // The query is parsed, and refused by name of the parameter, by Request.
                .validatePrologue(false)
                .addReceiveListener(new Framing())
                .receiveLog(false)
                .sendLog(false)
                .build();
    }

    private HttpRouting.Builder routing() {
        return HttpRouting.builder().any((request, response) -> {
            if (isLast(request)) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            handler.handle(request, response);
            closeAsSaid(request, response);
            if (!request.content().hasEntity()) {
                Requests.ended();
            }
        });
    }

    /** The port in use, also when the settings said 0 for any. */
    int port() {
        Port at = listening;
        if (at == null) {
            throw new IllegalStateException("not started");
        }
        return at.number();
    }

    int connections() {
        Port at = listening;
        return at == null ? 0 : at.connections();
    }

    /** Whether there are answers on their way that no handler knows of. */
    boolean answering() {
        Port at = listening;
        return at != null && at.answering();
    }

    void stop() {
        Port at = listening;
        if (at != null) {
            at.stop();
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

    private static DirectHandlers allEvents(DirectHandler handler) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, handler);
        }
        return handlers.build();
    }
}
