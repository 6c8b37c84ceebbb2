package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Ordering;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.support.Suggestion;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the SQL of an entry and holds its parameters against its placeholders, in both directions. */
final class SqlEntry {
    static final String WORD = "sql";
    private static final String WHEN_GIVEN = "when-given";

    private final YamlMap entry;
    private final Map<String, Parameter> parameters;
    private final Map<String, SqlTemplate> filters;
    private final Mistakes mistakes;

    private SqlEntry(
            YamlMap entry, Map<String, Parameter> parameters, Map<String, SqlTemplate> filters, Mistakes mistakes) {
        this.entry = entry;
        this.parameters = parameters;
        this.filters = filters;
        this.mistakes = mistakes;
    }

    /**
     * @param parameters the endpoint's, by name
     * @param filters by parameter, the predicates that the entry declares
     */
    static SqlSource read(
            YamlMap entry,
            Map<String, Parameter> parameters,
            Map<String, SqlTemplate> filters,
            Ordering ordering,
            Mistakes mistakes) {
        return new SqlEntry(entry, parameters, filters, mistakes).read(ordering);
    }

    private SqlSource read(Ordering ordering) {
        SqlTemplate statement = entry.statement(WORD);
        Map<String, SqlTemplate> whenGiven = new LinkedHashMap<>();
        entry.map(WHEN_GIVEN).ifPresent(files -> {
            for (String parameter : files.keys()) {
                if (!parameters.containsKey(parameter)) {
                    files.mistake(
                            parameter,
                            "no parameter '" + parameter + "' is declared",
                            Suggestion.hint(parameter, parameters.keySet()));
                }
                whenGiven.put(parameter, files.statement(parameter));
            }
        });
        statement(statement, "", ordering);
        whenGiven.forEach((given, template) -> statement(template, given, ordering));
        filters.forEach((parameter, predicate) -> {
            declared(predicate, parameter);
            if (!predicate.parts().isEmpty() && !predicate.placeholders().contains(parameter)) {
                mistakes.add(
                        predicate.place(), "the filter of '" + parameter + "' does not use it", "write :" + parameter);
            }
        });
        return new SqlSource(statement, whenGiven, filters, ordering);
    }

    private void statement(SqlTemplate template, String given, Ordering ordering) {
        if (template.parts().isEmpty()) {
            return; // the file is missing or empty, and that is told
        }
        declared(template, given);
        if (template.takesFilters() == filters.isEmpty()) {
            mistakes.add(
                    template.place(),
                    filters.isEmpty()
                            ? "{{filters}} stands here, and no parameter has a 'filter'"
                            : "parameters have filters, and the statement has no {{filters}}",
                    "as in: where {{filters}}");
        }
        if (template.takesOrder() == ordering.standard().isEmpty()) {
            mistakes.add(
                    template.place(),
                    template.takesOrder()
                            ? "{{order}} stands here, and the entry has no 'order'"
                            : "the entry has an 'order', and the statement has no {{order}}",
                    "as in: order by {{order}}");
        }
    }

    /** Every placeholder is a parameter, and one that has a value whenever the text is part of the statement. */
    private void declared(SqlTemplate template, String given) {
        for (String name : template.placeholders()) {
            Parameter parameter = parameters.get(name);
            if (parameter == null) {
                mistakes.add(
                        template.placeOf(name),
                        "no parameter '" + name + "' is declared for " + entry.place(),
                        Suggestion.hint(name, parameters.keySet()));
            } else if (mayBeAbsent(parameter) && !name.equals(given)) {
                mistakes.add(
                        template.placeOf(name),
                        "parameter '" + name + "' may not be given, and would be null here",
                        "give it a default, make it required, or make it a filter");
            }
        }
    }

    private static boolean mayBeAbsent(Parameter parameter) {
        boolean noLimit = parameter.name().equals(PagingReader.LIMIT); // limit null is no limit
        return !parameter.required() && parameter.fallback() == null && !noLimit;
    }
}
