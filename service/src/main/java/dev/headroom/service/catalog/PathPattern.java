package dev.headroom.service.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A path of literal segments and {@code {parameters}}. It answers with and without a trailing slash; the text as
 * written in catalog.yaml is the canonical form.
 */
public record PathPattern(String text, List<Segment> segments) {

    /** One part between slashes. */
    public record Segment(String text, boolean parameter) {}

    public static PathPattern parse(String text) {
        List<Segment> segments = Arrays.stream(text.split("/", -1))
                .filter(part -> !part.isEmpty())
                .map(PathPattern::segment)
                .toList();
        return new PathPattern(text, segments);
    }

    private static Segment segment(String part) {
        return part.startsWith("{") && part.endsWith("}")
                ? new Segment(part.substring(1, part.length() - 1), true)
                : new Segment(part, false);
    }

    public List<String> parameters() {
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.parameter()) {
                names.add(segment.text());
            }
        }
        return names;
    }

    /** Paths with the same shape match the same requests: two of them are a clash. */
    public String shape() {
        return segments.stream()
                .map(segment -> segment.parameter() ? "{}" : segment.text())
                .collect(Collectors.joining("/", "/", ""));
    }

    /**
     * Orders patterns so that the first match is the right one: at the first segment where two differ in kind, the
     * literal comes before the parameter.
     */
    public String precedence() {
        return segments.stream()
                .map(segment -> segment.parameter() ? "1" : "0" + segment.text())
                .collect(Collectors.joining("/"));
    }

    @Override
    public String toString() {
        return text;
    }
}
