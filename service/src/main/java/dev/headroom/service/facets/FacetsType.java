package dev.headroom.service.facets;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SourceSettings;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.settings.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the entry of an endpoint that filters and counts:
 *
 * <pre>
 * facets:
 *   rows: images.sql            # a row is an item: its JSON in column item, and a column per category
 *   items: images               # what the answer calls the list
 *   categories: [lib, plot]     # columns of the rows (text, text[] or JSON), and parameters of the endpoint
 *   constants: {specTitles: titles.sql}   # one JSON value each, read with every snapshot
 *   changed: version.sql        # one cheap value, another one after the data changed
 *   check: 5s                   # how often that is asked
 *   refresh: 10m                # the age at which a snapshot is replaced in any case
 *   build-timeout: 30s          # for each statement of a build
 *   wait: 10s                   # for the first build; a request that would wait longer gets 503
 *   max-age: 60s                # how long a browser uses an answer without asking again; 0s: it asks each time
 *   stale-while-revalidate: 10m # how long after that it may use it while it asks
 *   max-groups: 20
 *   max-values: 100
 * </pre>
 */
public final class FacetsType implements SourceType {
    private static final String CATEGORIES = "categories";
    private static final int MOST = 1000;
    private static final Duration LEAST = Duration.ofMillis(50);

    @Override
    public String word() {
        return "facets";
    }

    @Override
    public Source read(SourceSettings settings, Map<String, Parameter> parameters) {
        SqlTemplate rows = statement(settings, "rows");
        AnswerShape shape = new AnswerShape(settings.text("items", "items"), settings.texts(CATEGORIES, List.of()));
        check(settings, shape, parameters);
        Map<String, SqlTemplate> constants = new LinkedHashMap<>();
        settings.section("constants")
                .ifPresent(section -> section.keys().forEach(name -> constants.put(name, statement(section, name))));
        Optional<SqlTemplate> changed =
                settings.text("changed", "").isEmpty() ? Optional.empty() : Optional.of(statement(settings, "changed"));
        FacetsPolicy standard = FacetsPolicy.defaults();
        return new FacetsSource(
                rows,
                constants,
                changed,
                shape,
                new GroupReader(Set.copyOf(shape.categories()), (int) settings.number("max-groups", 20, 1, MOST), (int)
                        settings.number("max-values", 100, 1, MOST)),
                new FacetsPolicy(
                        duration(settings, "check", standard.check()),
                        duration(settings, "refresh", standard.refresh()),
                        duration(settings, "build-timeout", standard.buildTimeout()),
                        duration(settings, "wait", standard.patience()),
                        settings.duration("max-age", standard.maxAge()),
                        settings.duration("stale-while-revalidate", standard.staleWhileRevalidate())));
    }

    /** A snapshot is of everything: nothing that a request says is part of it. */
    private static SqlTemplate statement(SourceSettings settings, String key) {
        SqlTemplate statement = settings.statement(key);
        if (!statement.placeholders().isEmpty() || statement.takesFilters() || statement.takesOrder()) {
            settings.mistake(
                    key,
                    "this statement takes no parameters, filters or order",
                    "select everything; the categories filter it");
        }
        return statement;
    }

    /** None of them may be nothing: the database would be asked without a pause, and a build would have no end. */
    private static Duration duration(SourceSettings settings, String key, Duration standard) {
        Duration given = settings.duration(key, standard);
        if (given.compareTo(LEAST) < 0) {
            settings.mistake(key, "'" + key + "' is too short", "at least " + Durations.format(LEAST));
            return standard;
        }
        return given;
    }

    private static void check(SourceSettings settings, AnswerShape shape, Map<String, Parameter> parameters) {
        if (shape.categories().isEmpty()) {
            settings.mistake(CATEGORIES, "there are no categories to filter by", "list columns of the rows");
        }
        for (String category : shape.categories()) {
            Parameter parameter = parameters.get(category);
            if (parameter == null || parameter.type() != ParameterType.TEXT || !parameter.list()) {
                settings.mistake(
                        CATEGORIES,
                        "category '" + category + "' is not a parameter of the endpoint that takes a list of texts",
                        "declare it under 'parameters', as in " + category + ": {type: text, list: true}");
            }
        }
    }
}
