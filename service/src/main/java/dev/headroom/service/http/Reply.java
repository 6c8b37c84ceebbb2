package dev.headroom.service.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

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
    private final Map<String, String> headers;

    private Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
    }

    /** The body is not copied: whoever made it leaves it as it is. */
    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body, Map.of());
    }

    public static Reply of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Reply json(byte[] body) {
        return of(200, JSON, body);
    }

    public static Reply empty(int status) {
        return of(status, "", NOTHING);
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, body, more);
    }

    public int status() {
        return status;
    }

    /** Empty where there is no body. */
    public String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
