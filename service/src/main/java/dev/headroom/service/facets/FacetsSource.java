package dev.headroom.service.facets;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.StatementDescription;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An answer that is filtered and counted over a snapshot of a whole set, as the catalog describes it.
 *
 * @param rowsTemplate the statement whose rows are the items, in the order of the answers
 * @param constantTemplates by name in the answer: statements of one JSON value, computed once per snapshot
 * @param changeTemplate a cheap statement of one value that is another one after the data changed
 */
public record FacetsSource(
        SqlTemplate rowsTemplate,
        Map<String, SqlTemplate> constantTemplates,
        Optional<SqlTemplate> changeTemplate,
        AnswerShape shape,
        GroupReader groups,
        FacetsPolicy policy)
        implements Source {

    /** The parameters that page, when the endpoint declares paging. */
    static final String LIMIT = "limit";

    private static final Set<String> NO_VALUES = Set.of("bytea", "_bytea", "record", "_record");

    static final String OFFSET = "offset";

    public FacetsSource {
        constantTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(constantTemplates));
    }

    @Override
    public List<SqlTemplate> statements() {
        List<SqlTemplate> all = new ArrayList<>(List.of(rowsTemplate));
        all.addAll(constantTemplates.values());
        changeTemplate.ifPresent(all::add);
        return all;
    }

    @Override
    public Set<String> parameters() {
        Set<String> names = new HashSet<>(shape.categories());
        names.addAll(List.of(LIMIT, OFFSET));
        return names;
    }

    @Override
    public boolean hasEtag() {
        return true;
    }

    /** Of the rows, the item and a column per category; of a constant, one JSON value; of what tells a change, one value. */
    @Override
    public Optional<ColumnMistake> columnMistake(SqlTemplate statement, List<Column> columns) {
        if (statement.equals(rowsTemplate)) {
            return rows(columns);
        }
        if (columns.size() != 1) {
            return Optional.of(new ColumnMistake(
                    "this statement gives one value, and has " + columns.size() + " columns", "select that one alone"));
        }
        return constantTemplates.containsValue(statement) && !isJson(columns.getFirst())
                ? Optional.of(new ColumnMistake(
                        "a constant is json or jsonb, and the statement's column is "
                                + columns.getFirst().type(),
                        "select to_json(…)"))
                : Optional.empty();
    }

    private Optional<ColumnMistake> rows(List<Column> columns) {
        Map<String, Column> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.putIfAbsent(column.name(), column));
        Column item = byName.get(SnapshotReader.ITEM);
        if (item == null || !isJson(item)) {
            return Optional.of(new ColumnMistake(
                    item == null
                            ? "the rows of facets have no column 'item'"
                            : "column 'item' is " + item.type() + ", and must be json or jsonb",
                    "select the item as the answer shows it, as in: row_to_json(x) as item"));
        }
        for (String category : shape.categories()) {
            Column column = byName.get(category);
            if (column == null) {
                return Optional.of(new ColumnMistake(
                        "the rows of facets have no column '" + category + "', which is a category",
                        "select it, or take it out of 'categories'; there are " + String.join(", ", byName.keySet())));
            }
            if (column.form() == StatementDescription.Form.ROW || NO_VALUES.contains(column.type())) {
                return Optional.of(new ColumnMistake(
                        "category '" + category + "' is " + column.type() + ", which has no values to filter by",
                        "select text, an array of texts, or JSON"));
            }
        }
        return Optional.empty();
    }

    private static boolean isJson(Column column) {
        return column.type().equals("json") || column.type().equals("jsonb");
    }

    Query rows() {
        return rowsTemplate.query("facets.rows");
    }

    Map<String, Query> constants() {
        Map<String, Query> queries = new LinkedHashMap<>();
        constantTemplates.forEach((name, template) -> queries.put(name, template.query("facets.constant")));
        return queries;
    }

    Optional<Query> change() {
        return changeTemplate.map(template -> template.query("facets.change"));
    }
}
