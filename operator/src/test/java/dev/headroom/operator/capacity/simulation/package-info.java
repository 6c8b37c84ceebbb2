/**
 * A simulator of single requests that runs the operator's scaler beside others on the same loads. {@link
 * dev.headroom.operator.capacity.simulation.SimulationMain} is the command line, {@link
 * dev.headroom.operator.capacity.simulation.SimulatedCluster} the events, {@link
 * dev.headroom.operator.capacity.simulation.HeadroomLoop} the operator in it.
 */
@NullMarked
package dev.headroom.operator.capacity.simulation;

import org.jspecify.annotations.NullMarked;
