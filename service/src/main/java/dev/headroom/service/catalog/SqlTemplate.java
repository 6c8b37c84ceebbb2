package dev.headroom.service.catalog;

import dev.headroom.service.database.statement.Query;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A statement, or a filter's predicate, as its author wrote it: SQL with {@code :parameters}, {@code {tables}} and the
 * slots <code>{{filters}}</code> and <code>{{order}}</code>.
 */
public record SqlTemplate(Place place, List<SqlPart> parts) {

    /** A template and what is wrong with it; with mistakes it is not to be used. */
    public record Parsed(SqlTemplate template, List<Mistake> mistakes) {}

    public SqlTemplate {
        parts = List.copyOf(parts);
    }

    /** Reads a whole statement from a file; a semicolon may end it. */
    public static Parsed statement(String sql, Place place) {
        return new SqlTokenizer(sql, place, true).parse();
    }

    /** Reads a predicate: one expression, with no slots of its own. */
    public static Parsed predicate(String sql, Place place) {
        return new SqlTokenizer(sql, place, false).parse();
    }

    /** The parameters it binds. */
    public Set<String> placeholders() {
        Set<String> names = new LinkedHashSet<>();
        for (SqlPart part : parts) {
            if (part instanceof SqlPart.Placeholder placeholder) {
                names.add(placeholder.name());
            }
        }
        return names;
    }

    /** The tables that it names, as written. */
    public Set<String> tables() {
        Set<String> names = new LinkedHashSet<>();
        for (SqlPart part : parts) {
            if (part instanceof SqlPart.Table table) {
                names.add(table.name());
            }
        }
        return names;
    }

    public boolean takesFilters() {
        return parts.stream().anyMatch(SqlPart.Filters.class::isInstance);
    }

    public boolean takesOrder() {
        return parts.stream().anyMatch(SqlPart.Order.class::isInstance);
    }

    /** The line of a placeholder's first use. */
    public Place placeOf(String placeholder) {
        return parts.stream()
                .filter(part ->
                        part instanceof SqlPart.Placeholder used && used.name().equals(placeholder))
                .findFirst()
                .map(part -> place.atLine(part.line()))
                .orElse(place);
    }

    /** The text with no filter and no order. */
    public SqlText text() {
        return SqlWriter.write(this, List.of(), "");
    }

    /** The query of a statement that has no parameters. */
    public Query query(String name) {
        SqlText text = text();
        if (!text.parameters().isEmpty()) {
            throw new IllegalStateException(place + ": the statement has parameters, and is asked for without them");
        }
        return Query.of(name, text.sql());
    }

    /** The same statement with its tables named as the database knows them. */
    public SqlTemplate resolve(UnaryOperator<String> names) {
        List<SqlPart> resolved = new ArrayList<>();
        for (SqlPart part : parts) {
            resolved.add(
                    part instanceof SqlPart.Table table
                            ? SqlPart.Text.quoted(names.apply(table.name()), table.line())
                            : part);
        }
        return new SqlTemplate(place, resolved);
    }
}
