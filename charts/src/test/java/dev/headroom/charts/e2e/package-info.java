/**
 * The run of both programs on a real cluster, {@code make e2e}: images, charts, sample data and faults, each step against
 * its promise. Start with {@link dev.headroom.charts.e2e.EndToEndIT}. It knows the cluster of the current kubeconfig and
 * nothing of the machine below it, so that it runs on kind as well as on a cluster with many nodes.
 */
@NullMarked
package dev.headroom.charts.e2e;

import org.jspecify.annotations.NullMarked;
