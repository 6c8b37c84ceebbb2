package dev.headroom.operator.index.look;

import dev.headroom.insight.Structure;
import dev.headroom.operator.index.plan.Desired;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.World;
import java.util.List;

/** Everything one look found, and the plan that follows from it. */
public record Survey(ServerFacts server, Structure structure, World world, List<Desired> desired, IndexPlan plan) {

    public Survey {
        desired = List.copyOf(desired);
    }
}
