package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.RequestId;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Says to a client of HTTP/1.0 that it needs 1.1. Helidon only hangs up, which a proxy that speaks 1.0 unless told
 * otherwise (nginx does) shows as 502 without a reason anywhere.
 */
final class OlderHttp implements ServerConnectionSelector {
    private static final int VERSION_NOT_SUPPORTED = 505;

    private final ProfileHeaders profiles;
    private final IntConsumer refused;

    /** @param refused told the status of each answer */
    OlderHttp(ProfileHeaders profiles, IntConsumer refused) {
        this.profiles = profiles;
        this.refused = refused;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 1;
    }

    @Override
    public Support supports(BufferData start) {
        int end = start.indexOf((byte) '\n');
        return end >= 0 && start.readString(end).endsWith(" HTTP/1.0\r") ? Support.SUPPORTED : Support.UNSUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of();
    }

    @Override
    public ServerConnection connection(ConnectionContext connection) {
        return new ServerConnection() {
            @Override
            public void handle(Limit limit) {
                refused.accept(VERSION_NOT_SUPPORTED);
                connection.dataReader().skip(connection.dataReader().available());
                connection.dataWriter().writeNow(answer());
            }

            @Override
            public Duration idleTime() {
                return Duration.ZERO;
            }

            @Override
            public void close(boolean interrupt) {
                connection.serverSocket().close();
            }
        };
    }

    private BufferData answer() {
        String requestId = RequestId.fresh();
        Reply reply = new Problem(
                        Problem.Kind.BAD_REQUEST,
                        "This is HTTP/1.0, and HTTP/1.1 is needed; for nginx: proxy_http_version 1.1.")
                .reply(VERSION_NOT_SUPPORTED, "", requestId);
        BufferData answer = BufferData.growing(1024);
        answer.write(("HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Type: " + reply.contentType()
                        + "\r\nContent-Length: " + reply.length() + "\r\nConnection: close\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        profiles.each(requestId, new StatementProfile(requestId), 0, header -> header.writeHttp1Header(answer));
        answer.write('\r');
        answer.write('\n');
        answer.write(reply.body());
        return answer;
    }
}
