package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Catalog;
import java.util.List;

/**
 * A catalog with what only its own tools need: its files, where its tables are, and how to fill them.
 *
 * @param read the tables that its endpoints name, as the database is told them
 */
public record LoadedCatalog(Catalog catalog, CatalogFiles files, TableNames tables, List<String> read, Sample sample) {}
