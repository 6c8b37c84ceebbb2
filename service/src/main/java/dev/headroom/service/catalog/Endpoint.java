package dev.headroom.service.catalog;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One path of the API and everything a reader asks about it; the record is its entry in catalog.yaml.
 *
 * @param name unique over all catalogs, {@code catalog.entry}: names its statement in metrics and logs
 * @param cache null where an answer is never reused
 * @param prewarm whether the answer without parameters is computed at the start
 * @param strict whether a query parameter that is not declared is refused, not ignored
 * @param timestamp the member of the document that says when it was computed; null where there is none
 */
public record Endpoint(
        String name,
        PathPattern path,
        @Nullable String summary,
        @Nullable String description,
        Answer answer,
        List<Parameter> parameters,
        Source source,
        @Nullable CachePolicy cache,
        boolean prewarm,
        boolean strict,
        @Nullable String timestamp,
        Place place) {

    /**
     * The typed values of a request.
     *
     * @param path decoded values of the path's parameters
     * @param query decoded query parameters; those the endpoint does not know are ignored unless it is strict
     * @throws BadParameter for the first value that cannot be used
     * @throws UnknownParameter for the first parameter that a strict endpoint does not know
     */
    public Arguments read(Map<String, String> path, Map<String, List<String>> query) {
        if (strict) {
            refuseUnknown(query);
        }
        Map<String, Object> values = new TreeMap<>();
        for (Parameter parameter : parameters) {
            List<String> raw = parameter.in() == Parameter.In.PATH
                    ? List.of(path.getOrDefault(parameter.name(), ""))
                    : query.getOrDefault(parameter.name(), List.of());
            Object value = parameter.read(raw);
            if (value != null) {
                values.put(parameter.name(), value);
            }
        }
        return Arguments.of(values);
    }

    private void refuseUnknown(Map<String, List<String>> query) {
        List<String> known = parameters.stream()
                .filter(parameter -> parameter.in() == Parameter.In.QUERY)
                .map(Parameter::name)
                .toList();
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                throw new UnknownParameter(name, known);
            }
        }
    }
}
