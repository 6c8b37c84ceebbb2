package dev.headroom.service.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of endpoints over the tables of one schema.
 *
 * @param schema where its tables are, after the settings had their say
 * @param endpoints in the order in which paths must be tried
 */
public record Catalog(
        String name,
        @Nullable String title,
        @Nullable String description,
        String schema,
        List<Endpoint> endpoints,
        Place place) {}
