package dev.headroom.service.http.exchange;

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
        for (Map.Entry<String, String> pair : pairs(raw)) {
            values.computeIfAbsent(pair.getKey(), first -> new ArrayList<>(1)).add(pair.getValue());
        }
        return values;
    }

    /** Each name with its value, also where a name comes several times: their order is kept across names. */
    static List<Map.Entry<String, String>> pairs(String raw) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        int from = 0;
        while (from <= raw.length()) {
            int end = raw.indexOf('&', from);
            int to = end < 0 ? raw.length() : end;
            if (to > from) {
                pairs.add(pair(raw.substring(from, to)));
            }
            from = to + 1;
        }
        return pairs;
    }

    private static Map.Entry<String, String> pair(String pair) {
        int equals = pair.indexOf('=');
        String rawName = equals < 0 ? pair : pair.substring(0, equals);
        String name = PercentEncoding.decode(rawName, true)
                .orElseThrow(() -> Problem.badEncoding("the name of a query parameter"));
        String value = equals < 0
                ? ""
                : PercentEncoding.decode(pair.substring(equals + 1), true)
                        .orElseThrow(() -> Problem.badEncoding("the value of the query parameter '" + name + "'"));
        return Map.entry(name, value);
    }
}
