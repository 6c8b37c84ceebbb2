package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Ordering;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code order} (what rows are ordered by) and {@code sort} (what a request may order them by instead). */
final class OrderReader {
    private static final Pattern COLUMN = Pattern.compile("-?[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private OrderReader() {}

    static Ordering read(YamlMap entry) {
        List<Ordering.Column> standard = columns(entry, "order");
        Map<String, Ordering.Column> sortable = entry.isMap("sort") ? named(entry) : listed(entry);
        if (standard.isEmpty() && !sortable.isEmpty()) {
            entry.mistake(
                    "sort", "'sort' needs 'order': what holds when a request asks for nothing, and breaks ties", null);
        }
        return new Ordering(standard, sortable, entry.isMap("sort"));
    }

    /** Columns by the names that they have in the answer. */
    private static Map<String, Ordering.Column> named(YamlMap entry) {
        Map<String, Ordering.Column> sortable = new LinkedHashMap<>();
        entry.map("sort").ifPresent(names -> {
            for (String name : names.keys()) {
                if (!NAME.matcher(name).matches()) {
                    names.mistake(
                            name, "'" + name + "' cannot be a name to sort by", "letters, digits and underscores");
                }
                String text = names.text(name);
                if (isColumn(text, names, name)) {
                    sortable.put(name, withoutDirection(Ordering.Column.parse(text), names, name));
                }
            }
        });
        return sortable;
    }

    /** Columns that a request calls by the last part of their names. */
    private static Map<String, Ordering.Column> listed(YamlMap entry) {
        Map<String, Ordering.Column> sortable = new LinkedHashMap<>();
        for (Ordering.Column column : columns(entry, "sort")) {
            withoutDirection(column, entry, "sort");
            if (sortable.putIfAbsent(column.name(), column) != null) {
                entry.mistake(
                        "sort",
                        "two columns are called '" + column.name() + "'",
                        "a request could not tell them apart; name them, as in sort: {author: a.name, title: b.name}");
            }
        }
        return sortable;
    }

    private static Ordering.Column withoutDirection(Ordering.Column column, YamlMap where, String key) {
        if (column.descending()) {
            where.mistake(key, "'sort' names columns without a direction", "a request puts the minus");
        }
        return new Ordering.Column(column.sql(), false);
    }

    /** The query parameter that {@code sort} brings: the columns' names, descending with a minus. */
    static Optional<Parameter> parameter(Ordering ordering, YamlMap entry) {
        if (ordering.sortable().isEmpty()) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (String column : ordering.sortable().keySet()) {
            values.add(column);
            values.add("-" + column);
        }
        return Optional.of(new Parameter(
                Ordering.PARAMETER,
                Parameter.In.QUERY,
                ParameterType.ENUM,
                true,
                false,
                null,
                new Parameter.Bounds(null, null, 0, ordering.sortable().size(), values),
                "Columns to order by, descending with a minus.",
                entry.place("sort")));
    }

    private static List<Ordering.Column> columns(YamlMap entry, String key) {
        List<Ordering.Column> columns = new ArrayList<>();
        for (String text : entry.texts(key, List.of())) {
            if (isColumn(text, entry, key)) {
                columns.add(Ordering.Column.parse(text));
            }
        }
        return columns;
    }

    private static boolean isColumn(String text, YamlMap where, String key) {
        boolean column = COLUMN.matcher(text).matches();
        if (!column && !text.isEmpty()) {
            where.mistake(key, "'" + text + "' is not a column", "as in -created_at or t.title");
        }
        return column;
    }
}
