package dev.headroom.service.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Paths and query strings as tests write them. */
final class Requests {
    private Requests() {}

    /** The path's parameters, or null when the pattern is another's. */
    static Map<String, String> match(PathPattern pattern, String path) {
        List<String> parts = PathPattern.parse(path).segments().stream()
                .map(PathPattern.Segment::text)
                .toList();
        if (parts.size() != pattern.segments().size()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            PathPattern.Segment segment = pattern.segments().get(i);
            if (segment.parameter()) {
                values.put(segment.text(), parts.get(i));
            } else if (!segment.text().equals(parts.get(i))) {
                return null;
            }
        }
        return values;
    }

    /** From {@code name=value} pairs. */
    static Map<String, List<String>> query(String... pairs) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            query.computeIfAbsent(pair.substring(0, equals), name -> new ArrayList<>())
                    .add(pair.substring(equals + 1));
        }
        return query;
    }
}
