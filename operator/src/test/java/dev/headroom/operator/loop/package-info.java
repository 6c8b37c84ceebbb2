/**
 * The whole loop with real processes: pods of the service on a PostgreSQL with few connections, load that rises and falls,
 * and the operator between them. {@link dev.headroom.operator.loop.ScalingLoop} puts the parts together, for a test and for
 * {@code make demo-scaling}; {@link dev.headroom.operator.loop.Kubelet} is what makes pods of processes.
 */
@NullMarked
package dev.headroom.operator.loop;

import org.jspecify.annotations.NullMarked;
