package dev.headroom.operator;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.index.IndexConcern;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The concerns of this operator, in the order in which they run. */
final class Wiring {

    private Wiring() {}

    /** @param cluster the identity of the cluster that the resources are in */
    static List<Concern<?>> concerns(MeterRegistry metrics, String cluster) {
        return List.of(new IndexConcern(cluster, new Metrics.IndexWork(metrics)));
    }
}
