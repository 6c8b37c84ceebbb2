package dev.headroom.service.documents;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An endpoint whose answer is read from files.
 *
 * @param roots gives the repositories: a name and a local path, both text
 * @param refresh the parameter that asks for a new scan, if the entry names one
 */
public record DocumentsSource(SqlTemplate roots, DocumentShape shape, Optional<String> refresh) implements Source {
    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext");

    @Override
    public List<SqlTemplate> statements() {
        return List.of(roots);
    }

    @Override
    public Optional<ColumnMistake> columnMistake(SqlTemplate statement, List<Column> columns) {
        if (columns.size() == 2 && columns.stream().allMatch(column -> TEXTS.contains(column.type()))) {
            return Optional.empty();
        }
        String found = columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        return Optional.of(new ColumnMistake(
                "the roots of documents are two columns of text, and the statement has " + found,
                "select a repository's name and its local path, in this order"));
    }

    @Override
    public Set<String> parameters() {
        return refresh.map(Set::of).orElse(Set.of());
    }
}
