package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.front.Requests;
import dev.headroom.service.http.seen.RequestLog;
import dev.headroom.service.http.seen.RequestMetrics;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API's one handler: a request in, its answer with the profile of how it came about out.
 *
 * <p>Helidon 4.1.7 has no hook before sending, so every header is set here, and nothing else writes to the response.
 * The body is one byte array, or a stream whose length is set before, unless it is large and compressed on the way: as an
 * object it would go out in chunks, fifty times slower.
 */
final class ApiPort implements Handler {
    private static final byte[] NOTHING = {};
    private static final int STREAM_BUFFER = 64 << 10;
    private static final Header NO_LENGTH = new NoLength();

    /** What requests are asked for and answers carry, made once: Helidon makes names that it does not know each time. */
    private static final Map<String, HeaderName> USUAL = Stream.of(
                    "X-Request-Id",
                    "traceparent",
                    "Accept",
                    "Accept-Encoding",
                    "If-None-Match",
                    "Origin",
                    "Cache-Control",
                    "Cache-Status",
                    "ETag",
                    "Age",
                    "Vary")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), HeaderNames::create));

    private final Dispatch dispatch;
    private final RequestMetrics metrics;
    private final RequestLog log;
    private final AnswerHeaders headers;
    private final Familiar familiar;
    private final Health health;

    ApiPort(
            Dispatch dispatch,
            RequestMetrics metrics,
            RequestLog log,
            AnswerHeaders headers,
            Familiar familiar,
            Health health) {
        this.dispatch = dispatch;
        this.metrics = metrics;
        this.log = log;
        this.headers = headers;
        this.familiar = familiar;
        this.health = health;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        long began = System.nanoTime();
        metrics.began();
        try {
            Call call = call(request);
            StatementProfile profile = new StatementProfile(call.requestId());
            Reply reply = Requests.answer(() -> profile.call(() -> dispatch.answer(call, profile)), profile::callOff);
            long nanos = System.nanoTime() - began;
            // Before the body goes out: how fast a client reads says nothing about how fast we are.
            metrics.took(call.route(), call.method(), reply.status(), nanos);
            log.finished(call, reply, nanos, profile, request::remotePeer);
            remember(call, reply, request); // before it is sent: the next one may come as soon as it was
            send(call, reply, response, profile, nanos);
        } finally {
            metrics.ended();
        }
    }

    /** One that ends with its head and leaves the connection as it is means the same the next time. */
    private void remember(Call call, Reply reply, ServerRequest request) {
        var atOnce = reply.atOnce();
        if (atOnce.isPresent()
                && !request.content().hasEntity()
                && (!request.headers().contains(HeaderNames.CONNECTION)
                        || request.headers().contains(HeaderValues.CONNECTION_KEEP_ALIVE))) {
            Requests.asked()
                    .ifPresent(
                            head -> familiar.remember(head, call, atOnce.get().get()));
        }
    }

    private static Call call(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
        var prologue = request.prologue();
        return new Call(
                prologue.method().text(),
                path(prologue.uriPath().rawPath()),
                prologue.query().rawValue(),
                name -> first(headers, name));
    }

    /** Of {@code GET http://host/topics/ HTTP/1.1} too, as it comes from some proxies: RFC 9112, 3.2.2. */
    private static String path(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private static @Nullable String first(ServerRequestHeaders headers, String name) {
        HeaderName header = name(name);
        if (!headers.contains(header)) {
            return null;
        }
        Header found = headers.get(header);
        return found.valueCount() == 1 ? found.get() : found.values(); // several lines are one list
    }

    static HeaderName name(String name) {
        HeaderName usual = USUAL.get(name);
        return usual == null ? HeaderNames.create(name) : usual;
    }

    private void send(Call call, Reply reply, ServerResponse response, StatementProfile profile, long nanos)
            throws IOException {
        response.status(Status.create(reply.status()));
        headers.each(call, reply, profile, nanos, response::header);
        if (health.phase() == Health.Phase.STOPPING) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        boolean head = call.method().equals("HEAD");
        OptionalLong length = reply.length();
        if (reply.status() == 204 || reply.status() == 304 || (head && length.isEmpty())) {
            response.header(NO_LENGTH);
        } else if (length.isPresent()) {
            response.contentLength(length.getAsLong());
        }
        if (reply.streamed().isPresent() && !head) {
            stream(reply.streamed().get(), response);
            return;
        }
        try {
            response.send(head ? NOTHING : reply.body());
        } catch (UncheckedIOException gone) {
            throw clientLeft(gone);
        }
    }

    /** The client went away, which is its right: anything else would be logged as a failure. */
    private static CloseConnectionException clientLeft(Exception gone) {
        return new CloseConnectionException("the client went away", gone);
    }

    /**
     * With a length Helidon sends no chunks; without a buffer of ours it would send every piece by itself.
     *
     * @throws IOException of whatever writes the body
     */
    private static void stream(Reply.Streamed body, ServerResponse response) throws IOException {
        var client = new ClientStream(response.outputStream());
        var out = new Pieces(client);
        try {
            body.body().to(out);
            out.finish(); // not after a failure: the client would take what it has for the whole body
        } catch (IOException | RuntimeException failure) {
            if (client.isBroken()) {
                throw clientLeft(failure);
            }
            throw failure;
        }
    }

    /** The stream to the client. It remembers a failure of its own, which tells it from one of what writes the body. */
    private static final class ClientStream extends OutputStream {
        private final OutputStream socket;
        private boolean broken;

        ClientStream(OutputStream socket) {
            this.socket = socket;
        }

        boolean isBroken() {
            return broken;
        }

        private interface Step {
            void run() throws IOException;
        }

        private void run(Step step) throws IOException {
            boolean done = false;
            try {
                step.run();
                done = true;
            } finally {
                broken |= !done;
            }
        }

        @Override
        public void write(int one) throws IOException {
            run(() -> socket.write(one));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            run(() -> socket.write(bytes, from, length));
        }

        @Override
        public void flush() throws IOException {
            run(socket::flush);
        }

        @Override
        public void close() throws IOException {
            run(socket::close);
        }
    }

    /** Hands on its own buffer and nothing else: Helidon 4.1.7 fails on an array that does not begin at its beginning. */
    private static final class Pieces extends BufferedOutputStream {
        Pieces(OutputStream out) {
            super(out, STREAM_BUFFER);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = 0; at < length; at += STREAM_BUFFER - 1) {
                super.write(bytes, from + at, Math.min(STREAM_BUFFER - 1, length - at));
            }
        }

        /** Ends nothing: a stream that compresses closes this one after a failure too. */
        @Override
        public void close() {
            // see finish()
        }

        /** Sends the end of the body. */
        void finish() throws IOException {
            flush();
            out.close();
        }
    }
}
