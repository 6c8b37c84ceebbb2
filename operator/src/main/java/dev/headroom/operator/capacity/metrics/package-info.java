/**
 * The metrics of a target's pods: from each pod or from a Prometheus server ({@link
 * dev.headroom.operator.capacity.metrics.MetricsSource}), read into {@link
 * dev.headroom.operator.capacity.metrics.MetricsPage}.
 */
@NullMarked
package dev.headroom.operator.capacity.metrics;

import org.jspecify.annotations.NullMarked;
