package dev.headroom.operator;

import dev.headroom.operator.concern.Concern;
import dev.headroom.operator.index.IndexConcern;
import dev.headroom.operator.metrics.Meters;
import java.util.List;

/** The concerns of this operator, in the order in which they look. */
final class Wiring {

    private Wiring() {}

    static List<Concern> concerns(Meters meters) {
        return List.of(new IndexConcern(new IndexWorkMeters(meters)));
    }
}
