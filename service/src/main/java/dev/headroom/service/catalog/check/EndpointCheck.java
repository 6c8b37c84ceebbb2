package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Answer;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.Ordering;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.failure.StatementInvalid;
import dev.headroom.service.database.statement.StatementDescription;
import dev.headroom.service.database.statement.StatementDescription.Column;
import dev.headroom.support.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statements of one endpoint, held against the database. */
final class EndpointCheck implements Callable<EndpointCheck.Findings> {
    private static final String UNDEFINED_TABLE = "42P01";
    private static final Pattern RELATION = Pattern.compile("^relation \"([^\"]+)\" does not exist$");

    private final Database database;
    private final Endpoint endpoint;
    private final KnownTables tables;
    private final OwnJson ownJson;
    private final EnumLabels enums;
    private final Set<Place> told;
    private final Map<String, Parameter> parameters = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private @Nullable List<Column> columns;

    /** What was found at one endpoint. */
    record Findings(String endpoint, List<Mistake> mistakes, List<Column> columns) {}

    /** @param told where loading has found mistakes: what follows from one is not told */
    EndpointCheck(
            Database database,
            Endpoint endpoint,
            KnownTables tables,
            OwnJson ownJson,
            EnumLabels enums,
            Set<Place> told) {
        this.database = database;
        this.endpoint = endpoint;
        this.tables = tables;
        this.ownJson = ownJson;
        this.enums = enums;
        this.told = told;
        endpoint.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
    }

    @Override
    public Findings call() {
        if (endpoint.source() instanceof SqlSource sql) {
            sql.variants().forEach(text -> describe(text).ifPresent(found -> columns(text, found)));
            columnsToSortBy(sql.ordering());
        } else {
            endpoint.source().statements().forEach(this::describe);
        }
        return new Findings(endpoint.name(), mistakes, columns == null ? List.of() : columns);
    }

    /** A statement whose rows the source makes the answer of. */
    private void describe(SqlTemplate statement) {
        SqlText text = statement.text();
        describe(text)
                .flatMap(columns -> endpoint.source().columnMistake(statement, columns))
                .ifPresent(mistake -> mistakes.add(new Mistake(text.placeOf(0), mistake.message(), mistake.hint())));
    }

    /** The statement's columns; nothing where it is refused, and that is told. */
    private Optional<List<Column>> describe(SqlText text) {
        if (text.sql().isBlank()) {
            return Optional.empty(); // its file is missing, and that is told
        }
        try {
            StatementDescription described = database.describe(text.sql());
            parameters(text, described.parameterTypes());
            ReadOnlyCheck.mistake(text, described.parameterTypes(), database.direct())
                    .ifPresent(mistakes::add);
            return Optional.of(described.columns());
        } catch (StatementInvalid invalid) {
            String message = String.valueOf(invalid.getMessage());
            String hint = invalid.sqlState().equals(UNDEFINED_TABLE) ? hint(text, message) : invalid.hint();
            Place place = invalid.offset() < 0 ? text.placeOf(0) : text.placeOf(invalid.offset());
            mistakes.add(new Mistake(place, "the database refuses the statement: " + message, hint));
            return Optional.empty();
        }
    }

    /** What a string names, as in {@code nextval('numbers')}, is not written in braces. */
    private String hint(SqlText text, String message) {
        Matcher named = RELATION.matcher(message);
        return named.find() && text.sql().contains("'" + named.group(1) + "'")
                ? "a name in a string is looked for on the search path: write it with its schema"
                : tables.hint(message);
    }

    private void parameters(SqlText text, List<String> types) {
        for (int i = 0; i < types.size(); i++) {
            Parameter parameter = parameters.get(text.parameters().get(i));
            if (parameter == null || told.contains(parameter.place())) {
                continue; // told when it was loaded
            }
            ParameterFit.mistake(parameter, types.get(i)).ifPresent(mistakes::add);
            enums.mistake(parameter, types.get(i)).ifPresent(mistakes::add);
        }
    }

    private void columns(SqlText text, List<Column> found) {
        AnswerFit.mistake(endpoint.answer(), found)
                .ifPresent(wrong -> mistakes.add(new Mistake(
                        text.placeOf(0), wrong, "answer: " + endpoint.answer().word())));
        if (endpoint.answer() != Answer.DOCUMENT) {
            mistakes.addAll(ownJson.mistakes(text, found));
        }
        if (columns == null) {
            columns = found;
        } else if (!signature(columns).equals(signature(found))) {
            mistakes.add(new Mistake(
                    text.placeOf(0),
                    "the statements of one endpoint answer with different columns",
                    "expected " + String.join(", ", signature(columns))));
        }
    }

    /** A request sorts by what it sees in the answer; a column that the answer calls otherwise is given that name. */
    private void columnsToSortBy(Ordering ordering) {
        if (columns == null || endpoint.answer() == Answer.DOCUMENT) {
            return;
        }
        List<String> names = columns.stream().map(Column::name).toList();
        Parameter sort = parameters.get(Ordering.PARAMETER);
        ordering.sortable().forEach((name, column) -> {
            if (sort != null && !names.contains(name)) {
                mistakes.add(new Mistake(
                        sort.place(),
                        "requests sort by '" + name + "', and the answer has no column of that name",
                        "say what the answer calls it, as in sort: {"
                                + Suggestion.closest(name, names).orElse("name") + ": " + column.sql()
                                + "}; its columns: "
                                + String.join(", ", names)));
            }
        });
    }

    private static List<String> signature(List<Column> columns) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .toList();
    }
}
