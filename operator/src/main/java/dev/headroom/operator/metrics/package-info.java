/** Counts and times of the operator itself, as Prometheus text. */
@NullMarked
package dev.headroom.operator.metrics;

import org.jspecify.annotations.NullMarked;
