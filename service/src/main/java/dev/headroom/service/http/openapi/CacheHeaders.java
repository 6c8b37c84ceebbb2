package dev.headroom.service.http.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client of a kept answer may say and is told about it. */
final class CacheHeaders {
    /** Those of an answer that is kept, sent or only confirmed. */
    static final List<String> KEPT = List.of("ETag", "Cache-Control", "Cache-Status", "Age", "Vary");

    /** Those of an answer that is made for each request, and that a browser may keep and ask for again by its tag. */
    static final List<String> NOT_KEPT_WITH_ETAG = List.of("ETag", "Cache-Control", "Cache-Status", "Vary");

    /** Those of an answer that nobody keeps. */
    static final List<String> NOT_KEPT = List.of("Cache-Control", "Cache-Status", "Vary");

    static final Map<String, String> DESCRIBED = Map.of(
            "ETag", "A strong tag of the body; the gzipped body has its own.",
            "Cache-Control", "max-age and for how long it may be used after that; no-store where it is not kept.",
            "Cache-Status", "How the cache came by it, RFC 9211: a hit, a miss or a bypass, and the level.",
            "Age", "Seconds since it was computed.",
            "Vary", "Accept-Encoding: the body may come gzipped. Origin as well, where that decides.");

    private CacheHeaders() {}

    /** In the place where it is used: the pages that read this description follow no references. */
    static Map<String, Object> ifNoneMatch() {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", "If-None-Match");
        parameter.put("in", "header");
        parameter.put("required", false);
        parameter.put("description", "The tags of what the client has, or *: where one is right, 304 and no body.");
        parameter.put("schema", Map.of("type", "string"));
        return parameter;
    }
}
