package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Catalog;

/** A catalog with what only its own tools need: its files, where its tables are, and how to fill them. */
public record LoadedCatalog(Catalog catalog, CatalogFiles files, TableNames tables, Sample sample) {}
