package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Mistake;
import java.util.Comparator;
import java.util.List;

/** What was loaded, and everything wrong with it; with a mistake nothing of it is to be served. */
public record LoadedCatalogs(List<LoadedCatalog> loaded, List<Mistake> mistakes) {

    public List<Catalog> catalogs() {
        return loaded.stream().map(LoadedCatalog::catalog).toList();
    }

    /** Those in whose files no mistake was found. */
    public List<LoadedCatalog> whole() {
        return loaded.stream()
                .filter(catalog -> mistakes.stream().noneMatch(mistake -> catalog.holds(mistake.place())))
                .toList();
    }

    /** All endpoints, in the order in which paths must be tried. */
    public List<Endpoint> endpoints() {
        return catalogs().stream()
                .flatMap(catalog -> catalog.endpoints().stream())
                .sorted(Comparator.comparing(endpoint -> endpoint.path().precedence()))
                .toList();
    }
}
