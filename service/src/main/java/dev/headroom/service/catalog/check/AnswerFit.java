package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Answer;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a statement's columns can be the answer that its entry promises. */
final class AnswerFit {
    private static final String UNNAMED = "?column?";

    private AnswerFit() {}

    /** What is wrong, if anything. */
    static Optional<String> mistake(Answer answer, List<Column> columns) {
        if (columns.isEmpty()) {
            return Optional.of("the statement answers with no columns; it must be a query");
        }
        return answer == Answer.DOCUMENT ? document(columns) : rows(columns);
    }

    private static Optional<String> document(List<Column> columns) {
        if (columns.size() > 1) {
            return Optional.of("a document is one column, and the statement has " + columns.size());
        }
        String type = columns.getFirst().type();
        return type.equals("json") || type.equals("jsonb")
                ? Optional.empty()
                : Optional.of("a document is json or jsonb, and the statement's column is " + type);
    }

    private static Optional<String> rows(List<Column> columns) {
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (column.name().equals(UNNAMED)) {
                return Optional.of("a column has no name; write 'as' and one");
            }
            if (!names.add(column.name())) {
                return Optional.of("two columns are called '" + column.name() + "'");
            }
        }
        return Optional.empty();
    }
}
