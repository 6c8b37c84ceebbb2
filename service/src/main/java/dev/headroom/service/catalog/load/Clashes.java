package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds endpoints, of one catalog or of two, that no request or metric could tell apart. */
final class Clashes {
    private Clashes() {}

    static void find(List<LoadedCatalog> catalogs, Mistakes mistakes) {
        Map<String, Endpoint> shapes = new HashMap<>();
        Map<String, Endpoint> names = new HashMap<>();
        for (LoadedCatalog loaded : catalogs) {
            for (Endpoint endpoint : loaded.catalog().endpoints()) {
                Endpoint samePath = shapes.putIfAbsent(endpoint.path().shape(), endpoint);
                if (samePath != null) {
                    mistakes.add(
                            endpoint.place(),
                            "path '" + endpoint.path() + "' answers the same requests as '" + samePath.path() + "'",
                            "the other stands at " + samePath.place());
                }
                Endpoint sameName = names.putIfAbsent(endpoint.name(), endpoint);
                if (sameName != null && !sameName.equals(samePath)) {
                    mistakes.add(
                            endpoint.place(),
                            "endpoint name '" + endpoint.name() + "' is taken by " + sameName.place(),
                            "give one of them a 'name'");
                }
            }
        }
    }
}
