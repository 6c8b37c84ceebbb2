package dev.headroom.service.facets;

import dev.headroom.service.metrics.Exposition;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** How the snapshots are, for the metrics page. */
public final class FacetFamilies implements Consumer<Exposition> {
    private final Map<String, Facets> routes;

    /** @param routes by the path that they answer */
    public FacetFamilies(Map<String, Facets> routes) {
        this.routes = routes;
    }

    @Override
    public void accept(Exposition out) {
        out.gauge("facets_items", "Items of the snapshot that answers come from.");
        each(out, Facets::items);
        out.gauge(
                "facets_snapshot_age_seconds",
                "Time since that snapshot was read from the database; without one, since the start.");
        each(out, facets -> facets.age().toMillis() / 1e3);
        out.gauge("facets_failing", "1 while the snapshot cannot be built anew and the last one is served, or none.");
        each(out, facets -> facets.isFailing() ? 1 : 0);
    }

    private void each(Exposition out, ToDoubleFunction<Facets> figure) {
        routes.forEach((route, facets) -> out.sample(Map.of("route", route), figure.applyAsDouble(facets)));
    }
}
