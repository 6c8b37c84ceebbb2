package dev.headroom.service.documents;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint whose answer is read from files.
 *
 * @param roots gives the repositories: a name and a local path, both text
 * @param refresh the parameter that asks for a new scan, if the entry names one
 */
public record DocumentsSource(SqlTemplate roots, DocumentShape shape, Optional<String> refresh) implements Source {
    @Override
    public List<SqlTemplate> statements() {
        return List.of(roots);
    }

    @Override
    public Set<String> parameters() {
        return refresh.map(Set::of).orElse(Set.of());
    }
}
