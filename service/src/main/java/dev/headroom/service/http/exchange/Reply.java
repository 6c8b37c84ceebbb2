package dev.headroom.service.http.exchange;

import io.helidon.http.Header;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What goes back to the client: everything is known before the first byte is sent. */
public final class Reply {
    public static final String JSON = "application/json";
    public static final String PROBLEM = "application/problem+json";
    public static final String HTML = "text/html; charset=utf-8";
    public static final String TEXT = "text/plain; charset=utf-8";
    private static final byte[] NOTHING = {};

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Optional<Streamed> streamed;
    private final Map<String, String> headers;
    private final List<Header> prepared;
    private final Optional<Supplier<AtOnce>> atOnce;

    /**
     * A body too large to be put together first.
     *
     * @param length nothing where only writing it tells
     */
    public record Streamed(OptionalLong length, Writing body) {}

    /** Writes a body. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private Reply(
            int status,
            String contentType,
            byte[] body,
            Optional<Streamed> streamed,
            Map<String, String> headers,
            List<Header> prepared,
            Optional<Supplier<AtOnce>> atOnce) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.streamed = streamed;
        this.headers = headers;
        this.prepared = prepared;
        this.atOnce = atOnce;
    }

    /** The body is not copied: whoever made it leaves it as it is. */
    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body, Optional.empty(), Map.of(), List.of(), Optional.empty());
    }

    public static Reply of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Reply json(byte[] body) {
        return of(200, JSON, body);
    }

    public static Reply json(Streamed body) {
        return new Reply(200, JSON, NOTHING, Optional.of(body), Map.of(), List.of(), Optional.empty());
    }

    public static Reply empty(int status) {
        return of(status, "", NOTHING);
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, body, streamed, more, prepared, atOnce);
    }

    public Reply withAll(Map<String, String> others) {
        Map<String, String> more = LinkedHashMap.newLinkedHashMap(headers.size() + others.size());
        more.putAll(headers);
        more.putAll(others);
        return new Reply(status, contentType, body, streamed, more, prepared, atOnce);
    }

    /** The same with headers that were made before, which are sent as they are. */
    public Reply prepared(List<Header> ready) {
        return new Reply(status, contentType, body, streamed, headers, ready, atOnce);
    }

    /** The same, with how the same request is answered at once; made only for requests that may be remembered. */
    public Reply atOnce(Supplier<AtOnce> again) {
        return new Reply(status, contentType, body, streamed, headers, prepared, Optional.of(again));
    }

    public Optional<Supplier<AtOnce>> atOnce() {
        return atOnce;
    }

    public List<Header> prepared() {
        return prepared;
    }

    public int status() {
        return status;
    }

    /** Empty where there is no body. */
    public String contentType() {
        return contentType;
    }

    public byte[] body() {
        return body;
    }

    /** Where the body is instead, when it is large. */
    public Optional<Streamed> streamed() {
        return streamed;
    }

    /** Of the body, where it is known before it is written. */
    public OptionalLong length() {
        return streamed.isPresent() ? streamed.get().length() : OptionalLong.of(body.length);
    }

    public Map<String, String> headers() {
        return headers;
    }
}
