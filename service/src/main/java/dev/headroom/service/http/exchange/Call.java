package dev.headroom.service.http.exchange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request, as everything behind the port sees it. */
public final class Call {
    /** The route of requests that match none; the raw path would make as many metrics as there are typing errors. */
    static final String NO_ROUTE = "none";

    private final String method;
    private final String rawPath;
    private final String rawQuery;
    private final Function<String, @Nullable String> headers;
    private final String requestId;
    private String route = NO_ROUTE;
    private Map<String, String> pathParameters = Map.of();
    private String accepted = "";

    public Call(String method, String rawPath, String rawQuery, Function<String, @Nullable String> headers) {
        this.method = method;
        this.rawPath = rawPath;
        this.rawQuery = rawQuery;
        this.headers = headers;
        this.requestId = RequestId.of(header("X-Request-Id"), header("traceparent"));
    }

    /** The same request once more, under a name of its own. */
    public Call again() {
        return with(headers);
    }

    /** The same with no more of its headers than these, which keeps nothing else of it in memory. */
    public Call with(List<String> names) {
        Map<String, String> kept = new HashMap<>();
        for (String name : names) {
            String value = header(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        return with(kept::get);
    }

    private Call with(Function<String, @Nullable String> others) {
        Call same = new Call(method, rawPath, rawQuery, others);
        same.route = route;
        same.pathParameters = pathParameters;
        same.accepted = accepted;
        return same;
    }

    public String method() {
        return method;
    }

    public String rawPath() {
        return rawPath;
    }

    public String rawQuery() {
        return rawQuery;
    }

    public @Nullable String header(String name) {
        return headers.apply(name);
    }

    public String requestId() {
        return requestId;
    }

    /** Decoded values of the path's parameters. */
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    /** Decoded query parameters, in the order in which they came. */
    public Map<String, List<String>> query() {
        return QueryString.parse(rawQuery);
    }

    /** The same, each with its value: the order is kept across names that come several times. */
    public List<Map.Entry<String, String>> queryPairs() {
        return QueryString.pairs(rawQuery);
    }

    /** The path as its catalog lists it, with names in braces: what metrics and logs call this request. */
    public String route() {
        return route;
    }

    public void matched(Routes.Match match) {
        route = match.route().pattern().text();
        pathParameters = match.parameters();
    }

    /** Which of the route's media types the client likes best. */
    public String accepted() {
        return accepted;
    }

    public void accepted(String mediaType) {
        accepted = mediaType;
    }
}
