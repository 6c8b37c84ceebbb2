package dev.headroom.service.facets;

import java.util.Set;

/** One condition of a request: the item has at least one of these values in this category. */
public record Group(String category, Set<String> values) {

    public Group {
        values = Set.copyOf(values);
    }
}
