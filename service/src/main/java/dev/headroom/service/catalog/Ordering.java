package dev.headroom.service.catalog;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns that a list may be ordered by.
 *
 * @param standard the order when a request asks for none, and what breaks ties when it does
 * @param sortable the columns that a request may name, by that name
 * @param named whether the entry says these names; otherwise they are the last parts of the columns' own
 */
public record Ordering(List<Column> standard, Map<String, Column> sortable, boolean named) {

    /** The name of the query parameter that asks for an order. */
    public static final String PARAMETER = "sort";

    public static final Ordering NONE = new Ordering(List.of(), Map.of(), false);

    /** A column as the statement knows it: {@code created_at} or {@code t.created_at}; descending is written with a minus. */
    public record Column(String sql, boolean descending) {
        public static Column parse(String text) {
            return text.startsWith("-") ? new Column(text.substring(1), true) : new Column(text, false);
        }

        /** What a request calls it. */
        public String name() {
            return sql.substring(sql.lastIndexOf('.') + 1);
        }

        String clause() {
            String quoted = Arrays.stream(sql.split("\\.", -1))
                    .map(part -> '"' + part + '"')
                    .collect(Collectors.joining("."));
            return descending ? quoted + " desc" : quoted;
        }
    }

    /** The clause for a request's {@code sort}, each column once. */
    String clause(List<?> asked) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (Object each : asked) {
            Column wanted = Column.parse(each.toString());
            Column known = sortable.get(wanted.sql());
            if (known != null) {
                columns.putIfAbsent(known.sql(), new Column(known.sql(), wanted.descending()));
            }
        }
        standard.forEach(column -> columns.putIfAbsent(column.sql(), column));
        return columns.values().stream().map(Column::clause).collect(Collectors.joining(", "));
    }
}
