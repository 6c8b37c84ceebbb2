package dev.headroom.operator;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.index.IndexConcern;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The concerns of this operator, in the order in which they look. */
final class Wiring {

    private Wiring() {}

    static List<Concern> concerns(MeterRegistry metrics) {
        return List.of(new IndexConcern(new Metrics.IndexWork(metrics)));
    }
}
