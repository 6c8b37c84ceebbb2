package dev.headroom.service.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part after the question mark: names and their values, in the order in which they came. */
final class QueryString {
    private QueryString() {}

    static Map<String, List<String>> parse(String raw) {
        if (raw.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        int from = 0;
        while (from <= raw.length()) {
            int end = raw.indexOf('&', from);
            int to = end < 0 ? raw.length() : end;
            if (to > from) {
                add(values, raw.substring(from, to));
            }
            from = to + 1;
        }
        return values;
    }

    private static void add(Map<String, List<String>> values, String pair) {
        int equals = pair.indexOf('=');
        String rawName = equals < 0 ? pair : pair.substring(0, equals);
        String name = PercentEncoding.decode(rawName, true)
                .orElseThrow(() -> Problem.badEncoding("the name of a query parameter"));
        String value = equals < 0
                ? ""
                : PercentEncoding.decode(pair.substring(equals + 1), true)
                        .orElseThrow(() -> Problem.badEncoding("the value of the query parameter '" + name + "'"));
        values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
    }
}
