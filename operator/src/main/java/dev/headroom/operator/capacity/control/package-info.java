/**
 * Capacity at work on a cluster: reads a target, measures it, has the decisions of the package above made, and takes one step a
 * pass. Start reading at {@link dev.headroom.operator.capacity.control.CapacityConcern}; {@link
 * dev.headroom.operator.capacity.control.Workloads} is all it knows of Kubernetes.
 */
@NullMarked
package dev.headroom.operator.capacity.control;

import org.jspecify.annotations.NullMarked;
