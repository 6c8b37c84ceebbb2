package dev.headroom.service.http.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all operations share: the problem document, the responses that carry it, and the headers of the profile. */
final class Components {
    private static final List<String> PROFILE =
            List.of("X-Request-Id", "X-Process-Time", "X-Query-Count", "X-Query-Time", "Server-Timing");

    private Components() {}

    /** @param more headers that it has besides those of the profile */
    static Map<String, Object> answer(Map<String, Object> schema, List<String> more) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", "The answer.");
        answer.put("headers", headers(more));
        answer.put("content", Map.of("application/json", Map.of("schema", schema)));
        return answer;
    }

    static Map<String, Object> response(String name) {
        return Map.of("$ref", "#/components/responses/" + name);
    }

    static Map<String, Object> all() {
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(
                "NotModified",
                Map.of(
                        "description",
                        "What If-None-Match names is the answer still; there is no body.",
                        "headers",
                        headers(CacheHeaders.KEPT)));
        responses.put("BadParameter", problem("A parameter cannot be used; the problem names it.", false));
        responses.put(
                "BadOrUnknownParameter",
                problem("A parameter cannot be used, or is none of this operation's; the problem names it.", false));
        responses.put("NotFound", problem("There is no such row.", false));
        responses.put("NotAcceptable", problem("The answer is JSON, and the Accept header does not allow it.", false));
        responses.put("Unavailable", problem("Overloaded, or the database does not answer; try again later.", true));
        responses.put("Problem", problem("Any other refusal.", false));
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", Map.of("Problem", problemSchema()));
        components.put("responses", responses);
        components.put("headers", headers());
        return components;
    }

    private static Map<String, Object> problem(String description, boolean retry) {
        Map<String, Object> headers = headers(retry ? List.of("Retry-After") : List.of());
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", description);
        response.put("headers", headers);
        response.put(
                "content",
                Map.of("application/problem+json", Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))));
        return response;
    }

    private static Map<String, Object> headers(List<String> more) {
        Map<String, Object> headers = new LinkedHashMap<>();
        PROFILE.forEach(name -> headers.put(name, reference(name)));
        more.forEach(name -> headers.put(name, reference(name)));
        return headers;
    }

    private static Map<String, Object> reference(String header) {
        return Map.of("$ref", "#/components/headers/" + header);
    }

    private static Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("X-Request-Id", header("string", "The caller's id of this request, or ours."));
        headers.put("X-Process-Time", header("string", "Time until the answer was ready, as 45.23ms."));
        headers.put("X-Query-Count", header("integer", "Statements that ran for this answer."));
        headers.put("X-Query-Time", header("string", "Time that they took, as 12.45ms."));
        headers.put("Server-Timing", header("string", "The same for browsers' developer tools."));
        headers.put("Retry-After", header("integer", "Seconds after which trying again makes sense."));
        CacheHeaders.DESCRIBED.forEach((name, description) ->
                headers.put(name, header(name.equals("Age") ? "integer" : "string", description)));
        return headers;
    }

    private static Map<String, Object> header(String type, String description) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("description", description);
        header.put("schema", Map.of("type", type));
        return header;
    }

    private static Map<String, Object> problemSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", ColumnSchema.schema("string", "uri-reference"));
        properties.put("title", ColumnSchema.schema("string", ""));
        properties.put("status", ColumnSchema.schema("integer", "int32"));
        properties.put("detail", ColumnSchema.schema("string", ""));
        properties.put("instance", ColumnSchema.schema("string", "uri-reference"));
        properties.put("request_id", ColumnSchema.schema("string", ""));
        properties.put("parameter", ColumnSchema.schema("string", ""));
        properties.put("expected", ColumnSchema.schema("string", ""));
        properties.put("retry_after", ColumnSchema.schema("integer", "int32"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("description", "A problem document, RFC 9457.");
        schema.put("required", List.of("type", "title", "status", "detail", "request_id"));
        schema.put("properties", properties);
        return schema;
    }
}
