package dev.headroom.charts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * values.yaml with its comments, which are the documentation of the values.
 *
 * @param values in their order: those that bear a comment
 */
record ValuesFile(List<Value> values) {

    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):(.*)$");

    /**
     * A value.
     *
     * @param path with dots
     * @param standard as YAML on one line
     * @param meaning what its comment says
     */
    record Value(String path, String standard, String meaning) {}

    static ValuesFile of(Chart chart) {
        JsonNode tree = chart.yaml("values.yaml");
        List<Value> values = new ArrayList<>();
        Deque<String> sections = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        int ignoredBelow = Integer.MAX_VALUE;
        for (String line : chart.text("values.yaml").lines().toList()) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
            } else if (line.isBlank()) {
                comment.clear(); // it was about the file
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                if (depth > ignoredBelow) {
                    continue; // a part of the default of a value above
                }
                ignoredBelow = Integer.MAX_VALUE;
                while (sections.size() > depth) {
                    sections.removeLast();
                }
                sections.addLast(key.group(2));
                if (!comment.isEmpty()) {
                    String path = String.join(".", sections);
                    values.add(new Value(
                            path, standard(tree.at("/" + path.replace('.', '/'))), String.join(" ", comment)));
                    comment.clear();
                    ignoredBelow = depth;
                }
            }
        }
        return new ValuesFile(values);
    }

    private static String standard(JsonNode value) {
        return value.toString()
                .replace("\",\"", "\", \"")
                .replace(",\"", ", \"")
                .replace("\":", "\": ");
    }
}
