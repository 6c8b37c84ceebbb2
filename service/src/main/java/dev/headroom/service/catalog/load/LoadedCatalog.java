package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Place;
import java.util.List;

/**
 * A catalog with what only its own tools need: its files, where its tables are, and how to fill them.
 *
 * @param read the tables that its endpoints name, as the database is told them
 */
public record LoadedCatalog(Catalog catalog, CatalogFiles files, TableNames tables, List<String> read, Sample sample) {

    /** Whether a place is in one of its files. */
    boolean holds(Place place) {
        String yaml = files.describe(ClasspathFiles.YAML);
        return place.file().startsWith(yaml.substring(0, yaml.length() - ClasspathFiles.YAML.length()));
    }
}
