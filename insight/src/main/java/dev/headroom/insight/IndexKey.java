package dev.headroom.insight;

import org.jspecify.annotations.Nullable;

/**
 * One key of an index. {@code text} is the column, quoted where it must be, or the expression, as the server prints it;
 * {@code column} is null for an expression. {@code collation} is null where it is the column's own.
 */
public record IndexKey(
        String text,
        @Nullable String column,
        String opclass,
        @Nullable String collation,
        boolean descending,
        boolean nullsFirst) {}
