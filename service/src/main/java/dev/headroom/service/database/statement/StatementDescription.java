package dev.headroom.service.database.statement;

import java.util.List;

/** What a prepared statement gives and takes, as the server says. */
public record StatementDescription(List<Column> columns, List<String> parameterTypes) {

    /** Types are PostgreSQL's names ({@code int8}, {@code timestamptz}, {@code _text} for text[], {@code "app"."mood"} when not on the search path). */
    public record Column(String name, String type, Form form, Nullable nullable) {}

    /** What a value is made of, which its type's name does not always tell. */
    public enum Form {
        PLAIN,
        ARRAY,
        /** A composite type, as every table has one. */
        ROW
    }

    /** Whether a column can be null; behind an outer join or an expression nobody knows. */
    public enum Nullable {
        NO,
        YES,
        UNKNOWN
    }
}
