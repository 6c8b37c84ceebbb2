package dev.headroom.service.http.exchange;

import dev.headroom.service.catalog.PathPattern.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which route a path belongs to: a tree of segments, so that the time to find one does not grow with their number. A
 * literal segment wins over a parameter; one trailing slash more or less makes no difference.
 */
public final class Routes {
    /** A route and the decoded values of its path's parameters. */
    public record Match(Route route, Map<String, String> parameters) {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private @Nullable Route route;
    }

    private final Node root = new Node();

    public Routes(List<Route> routes) {
        routes.forEach(this::add);
    }

    private void add(Route route) {
        Node node = root;
        for (Segment segment : route.pattern().segments()) {
            if (!segment.parameter()) {
                node = node.literals.computeIfAbsent(segment.text(), first -> new Node());
            } else {
                Node next = node.parameter == null ? new Node() : node.parameter;
                node.parameter = next;
                node = next;
            }
        }
        if (node.route != null) {
            throw new IllegalArgumentException(
                    "the paths " + node.route.pattern() + " and " + route.pattern() + " match the same requests");
        }
        node.route = route;
    }

    /**
     * The route that this path takes, with what its parameters are.
     *
     * @throws Problem when a segment is not well encoded
     */
    public Optional<Match> find(String rawPath) {
        List<String> segments = segments(rawPath);
        List<String> values = new ArrayList<>();
        Route route = find(root, segments, 0, values);
        if (route == null) {
            return Optional.empty();
        }
        Map<String, String> parameters = LinkedHashMap.newLinkedHashMap(values.size());
        List<String> names = route.pattern().parameters();
        for (int at = 0; at < names.size(); at++) {
            parameters.put(names.get(at), values.get(at));
        }
        return Optional.of(new Match(route, parameters));
    }

    private static @Nullable Route find(Node node, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.route;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Route found = find(literal, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null || segment.isEmpty()) {
            return null;
        }
        values.add(segment);
        Route found = find(node.parameter, segments, at + 1, values);
        if (found == null) {
            values.removeLast();
        }
        return found;
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>(4);
        int from = 1;
        while (from < rawPath.length()) {
            int slash = rawPath.indexOf('/', from);
            int to = slash < 0 ? rawPath.length() : slash;
            segments.add(PercentEncoding.decode(rawPath.substring(from, to), false)
                    .orElseThrow(() -> Problem.badEncoding("the path")));
            from = to + 1;
        }
        return segments;
    }
}
