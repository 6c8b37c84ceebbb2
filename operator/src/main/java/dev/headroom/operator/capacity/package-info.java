/**
 * Sizes the connection pools and the replicas of a target Deployment. In: two scrapes of each pod, the limits of the
 * database server and the settings. Out: one step (publish a pool size, set replicas, or hold) with the sentence that
 * explains it. Everything but {@link
 * dev.headroom.operator.capacity.ServerConnections}, which asks the server, is pure; decision 0150 is the model. Start reading at {@link
 * dev.headroom.operator.capacity.ReplicaScaler} for how many replicas, {@link
 * dev.headroom.operator.capacity.PoolSizer} for how many connections, and {@link
 * dev.headroom.operator.capacity.Sequencer} for the order in which both change.
 */
@NullMarked
package dev.headroom.operator.capacity;

import org.jspecify.annotations.NullMarked;
