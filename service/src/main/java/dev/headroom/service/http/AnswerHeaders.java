package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.DateTime;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All that an answer says before its body, whichever way it takes. */
final class AnswerHeaders {
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Reply.JSON);
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nDate: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOT_MODIFIED =
            "HTTP/1.1 304 Not Modified\r\nDate: ".getBytes(StandardCharsets.US_ASCII);
    private final Cors cors;
    private final ProfileHeaders profiles;

    AnswerHeaders(Cors cors, ProfileHeaders profiles) {
        this.cors = cors;
        this.profiles = profiles;
    }

    /** All but those of the connection and of the length. */
    void each(Call call, Reply reply, StatementProfile profile, long nanos, Consumer<Header> header) {
        if (reply.contentType().equals(Reply.JSON)) {
            header.accept(JSON);
        } else if (!reply.contentType().isEmpty()) {
            header.accept(HeaderValues.createCached(HeaderNames.CONTENT_TYPE, reply.contentType()));
        }
        for (Map.Entry<String, String> each : reply.headers().entrySet()) {
            header.accept(HeaderValues.createCached(ApiPort.name(each.getKey()), each.getValue()));
        }
        if (cors.off()) {
            reply.prepared().forEach(header);
        } else {
            withCors(call, reply).forEach(header);
        }
        profiles.each(call.requestId(), profile, nanos, header);
    }

    /** An answer that varies by its encoding varies by the origin as well. */
    private List<Header> withCors(Call call, Reply reply) {
        List<Header> headers = new ArrayList<>(reply.prepared());
        cors.answer(call.header("Origin")).forEach((name, value) -> {
            String joined = value;
            if (name.equals("Vary")) {
                Header there = headers.stream()
                        .filter(each -> each.headerName().equals(HeaderNames.VARY))
                        .findFirst()
                        .orElse(null);
                if (there != null) {
                    headers.remove(there);
                    joined = there.get() + ", " + value;
                }
            }
            headers.add(HeaderValues.createCached(ApiPort.name(name), joined));
        });
        return headers;
    }

    /** The whole head of an answer, as Helidon writes it. */
    byte[] head(Call call, Reply reply, StatementProfile profile, long nanos) {
        BufferData head = BufferData.growing(768);
        head.write(reply.status() == 200 ? OK : NOT_MODIFIED);
        head.write(DateTime.http1Bytes());
        each(call, reply, profile, nanos, header -> header.writeHttp1Header(head));
        if (reply.status() == 200) {
            HeaderValues.createCached(HeaderNames.CONTENT_LENGTH, Integer.toString(reply.body().length))
                    .writeHttp1Header(head);
        }
        HeaderValues.CONNECTION_KEEP_ALIVE.writeHttp1Header(head);
        head.write('\r');
        head.write('\n');
        return head.readBytes();
    }
}
