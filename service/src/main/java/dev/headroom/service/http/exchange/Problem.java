package dev.headroom.service.http.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a request has no answer, as RFC 9457 writes it. Thrown anywhere below the port; it carries no stack, since it says
 * something about the request and nothing about the program.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Every kind that exists; the documentation page lists them under these anchors. */
    public enum Kind {
        BAD_PARAMETER(400, "Bad parameter", "A parameter of the request cannot be used."),
        BAD_REQUEST(400, "Bad request", "The request is not well-formed."),
        NOT_FOUND(404, "Not found", "There is no such path, or no such row."),
        METHOD_NOT_ALLOWED(405, "Method not allowed", "The path answers other methods; Allow lists them."),
        NOT_ACCEPTABLE(406, "Not acceptable", "The answer has no form that the Accept header allows."),
        TOO_LARGE(413, "Too large", "The request's URL, headers or body exceed what is let in."),
        /** The number that nginx gave it: nobody reads it, but in metrics and logs it must not count as a fault of ours. */
        CLIENT_LEFT(499, "Client left", "The client left before the answer, and what it asked for was called off."),
        OVERLOADED(
                503, "Overloaded", "As many requests as allowed wait for the database, or this one waited too long."),
        DATABASE_UNAVAILABLE(503, "Database unavailable", "The database cannot be reached, or is out of connections."),
        TIMED_OUT(503, "Timed out", "The database did not finish within the time allowed."),
        STARTING(503, "Starting", "The service has not seen its database yet."),
        INTERNAL(500, "Internal error", "The fault is ours; the request id leads to it in the log.");

        private final int status;
        private final String title;
        private final String meaning;

        Kind(int status, String title, String meaning) {
            this.status = status;
            this.title = title;
            this.meaning = meaning;
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }

        public String meaning() {
            return meaning;
        }

        public String slug() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    public Problem(Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    static Problem badEncoding(String where) {
        return new Problem(Kind.BAD_REQUEST, "The percent-encoding of " + where + " is missing, broken or not UTF-8.");
    }

    public static Problem notFound(String detail) {
        return new Problem(Kind.NOT_FOUND, detail);
    }

    public static Problem methodNotAllowed(String method, List<String> allowed) {
        String allow = String.join(", ", allowed);
        return new Problem(Kind.METHOD_NOT_ALLOWED, "This path answers " + allow + ", not " + method + ".")
                .header("Allow", allow);
    }

    public Problem member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public Problem retryAfter(long seconds) {
        return member("retry_after", seconds).header("Retry-After", Long.toString(seconds));
    }

    public Kind kind() {
        return kind;
    }

    public Reply reply(String path, String requestId) {
        return reply(kind.status, path, requestId);
    }

    /** The same with a more exact status of the same meaning, as 414 and 431 are of 413. */
    public Reply reply(int status, String path, String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "/docs#" + kind.slug());
        body.put("title", kind.title);
        body.put("status", status);
        body.put("detail", getMessage());
        if (!path.isEmpty()) {
            body.put("instance", path);
        }
        body.put("request_id", requestId);
        body.putAll(members);
        Reply reply = Reply.of(status, Reply.PROBLEM, Json.write(body) + "\n").with("Cache-Control", "no-store");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }
}
