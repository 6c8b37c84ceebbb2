package dev.headroom.service.database.statement;

import java.util.List;

/** What a prepared statement gives and takes, as the server says. */
public record StatementDescription(List<Column> columns, List<String> parameterTypes) {

    /** Types are PostgreSQL's names ({@code int8}, {@code timestamptz}, {@code _text} for text[], {@code "app"."mood"} when not on the search path). */
    public record Column(String name, String type, Nullable nullable) {}

    /** Whether a column can be null; behind an outer join or an expression nobody knows. */
    public enum Nullable {
        NO,
        YES,
        UNKNOWN
    }
}
