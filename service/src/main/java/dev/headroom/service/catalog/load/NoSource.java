package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import java.util.List;
import java.util.Set;

/** Stands in where an entry's source could not be read, so that reading goes on. */
enum NoSource implements Source {
    INSTANCE;

    @Override
    public List<SqlTemplate> statements() {
        return List.of();
    }

    @Override
    public Set<String> parameters() {
        return Set.of();
    }
}
