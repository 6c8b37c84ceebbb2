/**
 * The framework for concerns, with nothing of Kubernetes in it: the command line runs the same concerns. A {@link
 * dev.headroom.operator.concern.Pass} goes in, a {@link dev.headroom.operator.concern.ConcernOutcome} for each concern comes
 * out. Start reading at {@link dev.headroom.operator.concern.Concern}, then {@link dev.headroom.operator.concern.Concerns}.
 */
@NullMarked
package dev.headroom.operator.concern;

import org.jspecify.annotations.NullMarked;
