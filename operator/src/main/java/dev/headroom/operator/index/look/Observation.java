package dev.headroom.operator.index.look;

import dev.headroom.insight.Structure;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.IndexPlanner;

/** What was found in a database at one moment, and the plan that follows from it. */
public record Observation(
        ServerFacts server, Structure structure, DatabaseState state, IndexPlanner planner, IndexPlan plan) {

    /** The same with a state of its own, for another thread. */
    public Observation copy() {
        return new Observation(server, structure, state.copy(), planner, plan);
    }
}
