package dev.headroom.service.monitor;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import java.util.List;
import java.util.Set;

/** An answer about performance: nothing that a statement of the catalog could compute. */
public record MonitorSource(Report report) implements Source {

    /** What there is to be told. */
    public enum Report {
        /** The connection pool, and the indexes and tables of the catalog's schema. */
        DATABASE,
        /** What the cache did since the start. */
        CACHE
    }

    @Override
    public List<SqlTemplate> statements() {
        return List.of();
    }

    @Override
    public Set<String> parameters() {
        return Set.of();
    }
}
