package dev.headroom.service.catalog;

import java.util.ArrayList;
import java.util.List;

/** Writes one variant of a statement: the predicates of the filters that were given, and the order asked for. */
final class SqlWriter {
    private final StringBuilder sql = new StringBuilder();
    private final StringBuilder code = new StringBuilder();
    private final List<String> parameters = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private final List<SqlText.Piece> pieces = new ArrayList<>();

    static SqlText write(SqlTemplate template, List<SqlTemplate> filters, String order) {
        SqlWriter writer = new SqlWriter();
        writer.append(template, filters, order);
        return new SqlText(
                writer.sql.toString(),
                writer.code.toString(),
                List.copyOf(writer.parameters),
                List.copyOf(writer.offsets),
                List.copyOf(writer.pieces));
    }

    private void append(SqlTemplate template, List<SqlTemplate> filters, String order) {
        for (SqlPart part : template.parts()) {
            pieces.add(new SqlText.Piece(sql.length(), template.place().atLine(part.line())));
            switch (part) {
                case SqlPart.Text text -> append(text);
                case SqlPart.Table table -> append(SqlPart.Text.quoted('"' + table.name() + '"', table.line()));
                case SqlPart.Placeholder placeholder -> {
                    parameters.add(placeholder.name());
                    offsets.add(sql.length());
                    append("?");
                }
                case SqlPart.Filters ignored -> conjunction(filters);
                case SqlPart.Order ignored -> append(order);
            }
        }
    }

    private void append(SqlPart.Text text) {
        sql.append(text.sql());
        code.append(text.code());
    }

    private void append(String unquoted) {
        sql.append(unquoted);
        code.append(unquoted);
    }

    /** No filter at all is {@code true}, which the planner drops. */
    private void conjunction(List<SqlTemplate> filters) {
        if (filters.isEmpty()) {
            append("true");
        }
        for (int i = 0; i < filters.size(); i++) {
            append(i == 0 ? "(" : " and (");
            append(filters.get(i), List.of(), "");
            append(")");
        }
    }
}
