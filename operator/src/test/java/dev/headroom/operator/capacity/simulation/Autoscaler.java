package dev.headroom.operator.capacity.simulation;

/** What scales the simulated cluster. Each keeps its own periods, delays and windows. */
interface Autoscaler {
    void second(SimulatedCluster cluster);
}
